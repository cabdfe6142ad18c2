//! What each command's help ends with: examples, a line each. One table, so that help reads as if by one hand.

use clap::Command;

/// Commands and their examples.
#[rustfmt::skip]
const TABLE: &[(&str, &[&str])] = &[
    ("serve", &[
        "stockade serve                                  with the settings of ./stockade.toml and the environment",
        "stockade serve --bind 127.0.0.1:9000            on another port",
        "stockade serve --only worker                    background work alone, beside instances with --only api",
    ]),
    ("migrate", &[
        "stockade migrate                                once, before the first instance of a new release starts",
        "stockade migrate --check                        how many migrations would run",
    ]),
    ("backup", &[
        "stockade backup                                 a folder named after the time, below the setting backup.folder",
        "stockade backup /var/backups/stockade --keep 10 there, and only the ten newest stay",
        "The server may serve meanwhile. With the setting backup.key backups are sealed. Keys are never part of a backup.",
    ]),
    ("restore", &[
        "stockade restore /var/backups/stockade/20260314T092653Z --check    is it whole, and does it open?",
        "stockade restore /var/backups/stockade/20260314T092653Z --replace  put it in the place of the database",
        "Stop every instance first. What is replaced is set aside, not deleted. Afterwards `stockade migrate` when the program is",
        "newer than the backup, and `stockade audit reanchor` when the server says that the log is behind a checkpoint.",
    ]),
    ("demo", &[
        "stockade --data-dir ./demo demo && stockade --data-dir ./demo serve",
        "stockade demo --customers 30 --days 60 --seed 7 --json",
        "The database must have no customers, and no server may be running on it. Passwords are shown once, at the end.",
    ]),
    ("admin create", &[
        "echo 'a long password' | stockade admin create --email ana@example.com --password-stdin",
        "stockade admin create --email ben@example.com --password-stdin --role analyst < password.txt",
    ]),
    ("admin unlock", &["stockade admin unlock --email ana@example.com"]),
    ("ledger verify", &["stockade ledger verify --json"]),
    ("portfolio rebuild", &["stockade portfolio rebuild"]),
    ("market import", &[
        "stockade market import prices.csv               symbol,date,open,high,low,close and, if known, volume",
    ]),
    ("audit verify", &[
        "stockade audit verify",
        "stockade audit verify --checkpoint kept/2026-01.txt --checkpoint kept/2026-02.txt --json",
    ]),
    ("audit export", &[
        "stockade audit export ./export && stockade-verify ./export --key \"$(stockade audit key)\"",
        "stockade audit export ./export --no-payloads    names nobody",
    ]),
    ("audit checkpoint", &["stockade audit checkpoint > kept/$(date +%F).txt"]),
    ("audit key", &["stockade audit key > kept/log.key"]),
    ("audit reanchor", &[
        "stockade audit reanchor --reason 'restored the backup of 02:00 after the disk failed'",
        "The server does not start, and `audit verify` reports damage, while the log is behind the newest checkpoint in data_dir.",
        "Do this in the data_dir of every instance. The old checkpoint is kept beside the new one: it shows what was lost.",
    ]),
    ("keys status", &["stockade keys status --json"]),
    ("keys rotate", &[
        "stockade keys rotate",
        "The way: put the new key second in secrets.master_keys and restart every instance; put it first and restart again;",
        "rotate; take the old key out of the setting, and keep it as long as backups made under it: they open with it alone.",
    ]),
    ("risk check", &["stockade risk default-policy > mine.toml && stockade risk check mine.toml"]),
    ("risk default-policy", &["stockade risk default-policy > mine.toml"]),
    ("risk facts", &["stockade risk facts | less"]),
    ("risk backtest", &["stockade risk backtest --policy mine.toml --since 2026-01-01T00:00:00Z"]),
    ("risk replay", &["stockade risk replay --json"]),
    ("incidents rebuild", &["stockade incidents rebuild"]),
    ("config check", &["stockade config check && systemctl restart stockade"]),
    ("config show", &[
        "stockade config show | grep rate_limit",
        "stockade config show --json | jq '.\"server.bind\".source'",
    ]),
    ("config env-example", &["stockade config env-example > stockade.env"]),
    ("openapi", &["stockade openapi > openapi.json"]),
    ("completions", &[
        "stockade completions bash > /etc/bash_completion.d/stockade",
        "stockade completions zsh > ~/.zfunc/_stockade",
        "stockade completions fish > ~/.config/fish/completions/stockade.fish",
    ]),
];

/// Ends the help of the program itself.
const CODES: &str = "Exit codes: 0 done; 1 failed, refused, or damage found; 2 not understood.
Settings: stockade.default.toml, then stockade.toml, then STOCKADE_… variables, then flags. `stockade config show` says which counts.";

/// Adds the examples to the commands.
pub(super) fn add_to(program: Command) -> Command {
    let with_examples = |program, (path, lines): &(&str, &[&str])| {
        let path: Vec<&str> = path.split(' ').collect();
        let text = format!("Examples:\n  {}", lines.join("\n  "));
        end_help_of(program, &path, text)
    };
    TABLE.iter().fold(program, with_examples).after_help(CODES)
}

fn end_help_of(command: Command, path: &[&str], text: String) -> Command {
    match path {
        [] => command.after_help(text),
        [first, rest @ ..] => command.mut_subcommand(*first, |inner| end_help_of(inner, rest, text)),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn every_command_shows_examples() {
        let program = add_to(Cli::command());
        program.clone().debug_assert();
        let mut without = Vec::new();
        look(&program, "", &mut without);
        assert!(without.is_empty(), "give {without:?} a row in {}", file!());
    }

    #[test]
    fn every_row_is_of_a_command() {
        for (path, _) in TABLE {
            let mut command = Cli::command();
            for name in path.split(' ') {
                command = command
                    .find_subcommand(name)
                    .unwrap_or_else(|| panic!("{path}"))
                    .clone();
            }
        }
    }

    fn look(command: &Command, path: &str, without: &mut Vec<String>) {
        let mut inner = command
            .get_subcommands()
            .filter(|inner| inner.get_name() != "help")
            .peekable();
        if inner.peek().is_none() {
            let ends = [command.get_after_help(), command.get_after_long_help()];
            if !ends
                .into_iter()
                .flatten()
                .any(|end| end.to_string().contains("xample"))
            {
                without.push(path.to_owned());
            }
        }
        for inner in inner {
            look(inner, format!("{path} {}", inner.get_name()).trim(), without);
        }
    }
}
