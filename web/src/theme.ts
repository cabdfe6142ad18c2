// The design tokens as a Mantine theme: one blue, calm surfaces, Inter with tabular figures, radius 8, base 14 px.

import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

const brand: MantineColorsTuple = [
  "#eef2ff",
  "#dbe3ff",
  "#b9c7ff",
  "#8ea6ff",
  "#6685f5",
  "#4569ea",
  "#2f55e0",
  "#2546c4",
  "#1f3a9f",
  "#1c327f",
];

/** Surfaces of the dark theme; Mantine takes its grounds and lines from here. */
const dark: MantineColorsTuple = [
  "#e6ebf3",
  "#c3ccd9",
  "#93a0b4",
  "#6c7a90",
  "#2a3544",
  "#1e2733",
  "#161d28",
  "#10161f",
  "#0d121a",
  "#0a0e14",
];

export const theme = createTheme({
  colors: { brand, dark },
  primaryColor: "brand",
  primaryShade: 6,
  defaultRadius: 8,
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SFMono-Regular', 'DejaVu Sans Mono', Consolas, monospace",
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.125rem" },
  lineHeights: { xs: "1.4", sm: "1.45", md: "1.5", lg: "1.5", xl: "1.45" },
  headings: {
    fontWeight: "650",
    sizes: {
      h1: { fontSize: "1.5rem", lineHeight: "1.3" },
      h2: { fontSize: "1.0625rem", lineHeight: "1.4" },
      h3: { fontSize: "0.9375rem", lineHeight: "1.4" },
    },
  },
  components: {
    Button: { defaultProps: { size: "sm" }, styles: { label: { fontWeight: 600 } } },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray" } },
    TextInput: { defaultProps: { size: "sm", withAsterisk: false } },
    PasswordInput: { defaultProps: { size: "sm", withAsterisk: false } },
    Modal: {
      defaultProps: { centered: true, closeButtonProps: { "aria-label": "Close" } },
      styles: { title: { fontWeight: 650, fontSize: "1.0625rem" } },
    },
    Drawer: { defaultProps: { closeButtonProps: { "aria-label": "Close" } } },
    Table: { defaultProps: { verticalSpacing: 9, horizontalSpacing: "md" } },
    Tooltip: { defaultProps: { openDelay: 250 } },
  },
});

/** Colours that are ours rather than Mantine's, for both themes. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--ground": "#f6f7f9",
    "--surface": "#ffffff",
    "--raised": "#f6f7f9",
    "--line": "#e4e8ee",
    "--brand-text": "#2f55e0",
    "--brand-wash": "#eef2ff",
    "--up": "#0b7a53",
    "--down": "#c8283c",
    "--warn": "#9a5b00",
    "--warn-wash": "#fff6e5",
    "--down-wash": "#fdeef0",
    "--up-wash": "#e7f5ef",
    "--mantine-color-body": "#f6f7f9",
    "--mantine-color-text": "#151b26",
    "--mantine-color-dimmed": "#5a6577",
    "--mantine-color-placeholder": "#667186",
    "--mantine-color-anchor": "#2f55e0",
    "--mantine-color-default-border": "#d3d9e2",
    "--mantine-color-error": "#c8283c",
    "--mantine-color-brand-light": "#eef2ff",
    "--mantine-color-brand-light-color": "#2546c4",
  },
  dark: {
    "--ground": "#0a0e14",
    "--surface": "#10161f",
    "--raised": "#161d28",
    "--line": "#1e2733",
    "--brand-text": "#8ea6ff",
    "--brand-wash": "#172247",
    "--up": "#3ecf9a",
    "--down": "#ff7d8c",
    "--warn": "#f2bd5c",
    "--warn-wash": "#2a2110",
    "--down-wash": "#2d151b",
    "--up-wash": "#0d2a20",
    "--mantine-color-body": "#0a0e14",
    "--mantine-color-text": "#e6ebf3",
    "--mantine-color-dimmed": "#93a0b4",
    "--mantine-color-placeholder": "#8492a8",
    "--mantine-color-anchor": "#8ea6ff",
    "--mantine-color-default": "#10161f",
    "--mantine-color-default-hover": "#161d28",
    "--mantine-color-default-border": "#2a3544",
    "--mantine-color-error": "#ff7d8c",
    "--mantine-color-brand-light": "#172247",
    "--mantine-color-brand-light-hover": "#1c2a57",
    "--mantine-color-brand-light-color": "#8ea6ff",
    "--mantine-color-brand-text": "#8ea6ff",
  },
});
