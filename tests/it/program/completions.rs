//! `jwtower completions`.

use super::program;

#[test]
fn every_shell_gets_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let outcome = program(["completions", shell]).run();
        assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{shell}");
        for word in ["jwtower", "inspect", "completions"] {
            assert!(outcome.stdout.contains(word), "{shell}: {word}");
        }
    }
    let outcome = program(["completions", "tcsh"]).run();
    assert_eq!((outcome.code, &*outcome.stdout), (2, ""), "{outcome:?}");
    assert!(outcome.stderr.contains("bash, elvish, fish, powershell, zsh"), "{outcome:?}");
}
