//! QR codes (ISO/IEC 18004) as SVG and as PNG.

use qrcode::{Color, EcLevel, QrCode, render::svg};

use crate::http::error::{ApiError, ApiResult};

/// Pixels a module, and modules of quiet zone around the code.
const SCALE: usize = 6;
const QUIET: usize = 4;

/// A text as a QR code in both forms.
pub(super) struct Drawn {
    /// An SVG document.
    pub(super) svg: String,
    /// A PNG file, one bit a pixel.
    pub(super) png: Vec<u8>,
}

pub(super) fn draw(text: &str) -> ApiResult<Drawn> {
    let fault = |error: &dyn std::fmt::Display| ApiError::Fault(format!("a QR code: {error}"));
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|error| fault(&error))?;
    let svg = code
        .render::<svg::Color<'_>>()
        .min_dimensions(240, 240)
        .quiet_zone(true)
        .build();
    let png = png(&code).map_err(|error| fault(&error))?;
    Ok(Drawn { svg, png })
}

fn png(code: &QrCode) -> Result<Vec<u8>, png::EncodingError> {
    let modules = code.width();
    let side = (modules + 2 * QUIET) * SCALE;
    let colors = code.to_colors();
    let is_light = |x: usize, y: usize| {
        let module = |at: usize| (at / SCALE).checked_sub(QUIET).filter(|at| *at < modules);
        match (module(x), module(y)) {
            (Some(x), Some(y)) => colors[y * modules + x] == Color::Light,
            _ => true,
        }
    };
    let mut rows = vec![0_u8; side.div_ceil(8) * side];
    for y in 0..side {
        for x in (0..side).filter(|x| is_light(*x, y)) {
            rows[y * side.div_ceil(8) + x / 8] |= 0x80 >> (x % 8);
        }
    }
    let mut file = Vec::new();
    let side = u32::try_from(side).unwrap_or(u32::MAX);
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder.write_header()?.write_image_data(&rows)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_show_the_same_modules() {
        let text = "otpauth://totp/Stockade:ana@example.com?secret=ABC";
        let drawn = draw(text).unwrap();
        assert!(drawn.svg.starts_with("<?xml") && drawn.svg.contains("<svg"));
        let decoder = png::Decoder::new(std::io::Cursor::new(&drawn.png));
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
        for (at, color) in code.to_colors().into_iter().enumerate() {
            let (x, y) = (at % code.width(), at / code.width());
            let (x, y) = ((x + QUIET) * SCALE + 1, (y + QUIET) * SCALE + 1);
            let light = pixels[y * info.line_size + x / 8] & (0x80 >> (x % 8)) != 0;
            assert_eq!(light, color == Color::Light);
        }
    }
}
