//! When there are colours.

use super::program;

const ESCAPE: &str = "\u{1b}[";

#[test]
fn a_pipe_gets_no_colours_unless_it_wants_them() {
    for (name, value, coloured) in [("X", "", false), ("CLICOLOR_FORCE", "1", true), ("NO_COLOR", "1", false)]
    {
        let help = program(["--help"]).env(name, value).run();
        let refusal = program(["nothing"]).env(name, value).run();
        assert_eq!((help.code, &*help.stderr), (0, ""), "{name}");
        assert_eq!((refusal.code, &*refusal.stdout), (2, ""), "{name}");
        assert_eq!(help.stdout.contains(ESCAPE), coloured, "{name}: {}", help.stdout);
        assert_eq!(refusal.stderr.contains(ESCAPE), coloured, "{name}: {}", refusal.stderr);
    }
}
