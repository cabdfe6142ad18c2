//! Reads an export as it is, sound or not: judging it is the verifier's work.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{CHECKPOINT, ExportError, PAYLOADS, payloads_path};
use crate::tile::{TileId, WIDTH, entries_path, parse_numbered_path, split_bundle, tile_path};
use crate::verify::{Found, Group, Payloads};

/// An export directory; iterates over its bundles of entries in order.
#[derive(Debug)]
pub struct ExportReader {
    folder: PathBuf,
    checkpoint: String,
    bundles: Widths,
    tiles: Vec<Widths>,
    payloads: Widths,
    todo: std::vec::IntoIter<u64>,
}

/// The files of one kind: the widest of each index.
type Widths = BTreeMap<u64, usize>;

/// What an export holds about the entries `256 * index ..`: as much of it as is there.
#[derive(Debug)]
pub struct Stored {
    index: u64,
    bundle: Vec<u8>,
    tile: Option<Vec<u8>>,
    payloads: Option<Vec<u8>>,
}

impl ExportReader {
    /// Opens an export: reads its checkpoint and lists its files.
    ///
    /// # Errors
    /// When there is no checkpoint, or something cannot be read.
    pub fn open(folder: impl Into<PathBuf>) -> Result<ExportReader, ExportError> {
        let folder = folder.into();
        let path = folder.join(CHECKPOINT);
        let checkpoint = fs::read_to_string(&path).map_err(ExportError::at(&path))?;
        let bundles = widths(&folder.join("tile/entries"), "")?;
        let payloads = widths(&folder.join(PAYLOADS), ".jsonl")?;
        let levels = 0..u64::BITS / 8;
        let tiles: Vec<_> = levels
            .map(|level| widths(&folder.join(format!("tile/{level}")), ""))
            .collect::<Result<_, _>>()?;
        let todo: BTreeSet<u64> = bundles
            .keys()
            .chain(tiles[0].keys())
            .chain(payloads.keys())
            .copied()
            .collect();
        let todo = Vec::from_iter(todo).into_iter();
        Ok(ExportReader {
            folder,
            checkpoint,
            bundles,
            tiles,
            payloads,
            todo,
        })
    }

    /// The signed note, unchecked.
    pub fn checkpoint(&self) -> &str {
        &self.checkpoint
    }

    /// How many entries there are to read, judged by the names of the files.
    pub fn entries(&self) -> u64 {
        self.bundles.values().map(|&width| width as u64).sum()
    }

    /// The tiles above the leaves.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn upper_tiles(&self) -> Result<Vec<(TileId, Vec<u8>)>, ExportError> {
        let levels = (0u8..).zip(&self.tiles).skip(1);
        levels
            .flat_map(|(level, tiles)| {
                tiles
                    .iter()
                    .map(move |(&index, &width)| (TileId { level, index }, width))
            })
            .map(|(id, width)| Ok((id, self.read(&tile_path(id, width))?)))
            .collect()
    }

    fn stored(&self, index: u64) -> Result<Stored, ExportError> {
        let read = |files: &Widths, path: &dyn Fn(usize) -> String| {
            files
                .get(&index)
                .map(|&width| self.read(&path(width)))
                .transpose()
        };
        Ok(Stored {
            index,
            bundle: read(&self.bundles, &|width| entries_path(index, width))?.unwrap_or_default(),
            tile: read(&self.tiles[0], &|width| {
                tile_path(TileId { level: 0, index }, width)
            })?,
            payloads: read(&self.payloads, &|width| payloads_path(index, width))?,
        })
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ExportError> {
        let path = self.folder.join(path);
        fs::read(&path).map_err(ExportError::at(&path))
    }
}

impl Iterator for ExportReader {
    type Item = Result<Stored, ExportError>;

    fn next(&mut self) -> Option<Self::Item> {
        let index = self.todo.next()?;
        Some(self.stored(index))
    }
}

impl Stored {
    /// The same, for the verifier. Bytes that are no whole entry are handed on as one that is damaged.
    pub fn group(&self) -> Group<'_> {
        let (mut leaves, rest) = split_bundle(&self.bundle);
        if !rest.is_empty() {
            leaves.push(rest);
        }
        let first = self.index * WIDTH as u64;
        Group {
            index: self.index,
            found: (first..)
                .zip(leaves)
                .map(|(position, leaf)| Found { position, leaf })
                .collect(),
            tile: self.tile.as_deref(),
            payloads: self.payloads.as_deref().map_or(Payloads::None, Payloads::Text),
        }
    }
}

/// The numbered files below a folder, which need not be there. Of several widths of one index the widest counts:
/// narrower ones are left from earlier checkpoints.
fn widths(folder: &Path, suffix: &str) -> Result<Widths, ExportError> {
    let mut found = Widths::new();
    let mut folders = vec![(folder.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        let listing = match fs::read_dir(&folder) {
            Err(error) if error.kind() == ErrorKind::NotFound && prefix.is_empty() => return Ok(found),
            listing => listing.map_err(ExportError::at(&folder))?,
        };
        for file in listing {
            let file = file.map_err(ExportError::at(&folder))?;
            let path = format!("{prefix}{}", file.file_name().to_string_lossy());
            if file.file_type().map_err(ExportError::at(&folder))?.is_dir() {
                folders.push((file.path(), format!("{path}/")));
            } else if let Some((index, width)) = path.strip_suffix(suffix).and_then(parse_numbered_path)
                && index < u64::MAX / WIDTH as u64
            {
                let widest = found.entry(index).or_insert(width);
                *widest = width.max(*widest);
            }
        }
    }
    Ok(found)
}
