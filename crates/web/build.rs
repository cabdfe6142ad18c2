//! Compiles this crate anew when the UI was built anew. It never builds the UI: that takes Node, which a server's build
//! must not need.

fn main() {
    println!("cargo::rerun-if-changed=../../web/dist");
}
