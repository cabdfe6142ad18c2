//! Writes an export, streaming: leaves in order, each payload line after its leaf or before the next bundle begins.

use std::fs;
use std::path::{Path, PathBuf};

use super::{CHECKPOINT, ExportError, PayloadLine, payloads_path};
use crate::hash::leaf_hash;
use crate::tile::{TileId, TiledTree, WIDTH, entries_path, push_to_bundle, tile_path};

/// An export being written. Holds one bundle in memory, whatever the size of the log.
pub struct ExportWriter {
    folder: PathBuf,
    tree: TiledTree,
    bundle: Vec<u8>,
    payloads: String,
}

impl ExportWriter {
    /// Begins an export in this folder, which is made when it is not there.
    ///
    /// # Errors
    /// When the folder cannot be made or holds something.
    pub fn create(folder: impl Into<PathBuf>) -> Result<ExportWriter, ExportError> {
        let folder = folder.into();
        fs::create_dir_all(&folder).map_err(ExportError::at(&folder))?;
        if fs::read_dir(&folder)
            .map_err(ExportError::at(&folder))?
            .next()
            .is_some()
        {
            return Err(ExportError::NotEmpty(folder.display().to_string()));
        }
        Ok(ExportWriter {
            folder,
            tree: TiledTree::new(),
            bundle: Vec::new(),
            payloads: String::new(),
        })
    }

    /// Number of leaves so far.
    pub fn size(&self) -> u64 {
        self.tree.size()
    }

    /// Adds the next leaf, as it is stored.
    ///
    /// # Errors
    /// When a full bundle or tile cannot be written.
    pub fn leaf(&mut self, leaf: &[u8]) -> Result<(), ExportError> {
        if self.size() > 0 && self.size().is_multiple_of(WIDTH as u64) {
            self.write_bundle(WIDTH)?;
        }
        push_to_bundle(&mut self.bundle, leaf);
        let mut full = Vec::new();
        self.tree.append(leaf_hash(leaf), |tile| full.push(tile));
        for tile in full {
            let id = TileId {
                level: tile.level,
                index: tile.index,
            };
            self.write_unless_there(&tile_path(id, WIDTH), &tile.hashes)?;
        }
        Ok(())
    }

    /// Adds the payload line of a leaf of the bundle that the last leaf is in.
    pub fn payload(&mut self, line: &PayloadLine) {
        self.payloads.push_str(&line.to_json());
        self.payloads.push('\n');
    }

    /// Adds a full or partial tile as it is stored, instead of the one that follows from the leaves: where the two
    /// differ, an auditor will want to see it. The bytes are its hashes, end to end.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn stored_tile(&mut self, id: TileId, width: usize, hashes: &[u8]) -> Result<(), ExportError> {
        self.write(&tile_path(id, width), hashes)
    }

    /// Writes what is left, and last of all the checkpoint, so that an export without one is an unfinished one.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn finish(mut self, checkpoint: &str) -> Result<(), ExportError> {
        let rest = (self.size() % WIDTH as u64) as usize;
        if self.size() > 0 {
            self.write_bundle(if rest == 0 { WIDTH } else { rest })?;
        }
        for (id, hashes) in self.tree.partial() {
            self.write_unless_there(&tile_path(id, hashes.len()), &crate::tile::tile_bytes(hashes))?;
        }
        self.write(CHECKPOINT, checkpoint.as_bytes())
    }

    fn write_bundle(&mut self, width: usize) -> Result<(), ExportError> {
        let index = (self.size() - 1) / WIDTH as u64;
        self.write(&entries_path(index, width), &self.bundle)?;
        if !self.payloads.is_empty() {
            self.write(&payloads_path(index, width), self.payloads.as_bytes())?;
        }
        self.bundle.clear();
        self.payloads.clear();
        Ok(())
    }

    fn write_unless_there(&self, path: &str, bytes: &[u8]) -> Result<(), ExportError> {
        if self.folder.join(path).exists() {
            Ok(())
        } else {
            self.write(path, bytes)
        }
    }

    fn write(&self, path: &str, bytes: &[u8]) -> Result<(), ExportError> {
        let path = self.folder.join(path);
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(ExportError::at(folder))?;
        fs::write(&path, bytes).map_err(ExportError::at(&path))
    }
}
