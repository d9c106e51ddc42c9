using System.Text;
using HomelabOps.Sandbox.Controllers.Nodes.Kubelet;
using HomelabOps.Sandbox.Controllers.Nodes.Programs;
using HomelabOps.Sandbox.Controllers.Nodes.Programs.Shell;
using HomelabOps.Sandbox.Controllers.Nodes.Serving;

namespace HomelabOps.Sandbox.Tests.Controllers.Nodes;

public sealed class ShellTests
{
    private readonly FileTree _disk = new(1L << 30, 0);

    [Theory]
    [InlineData("echo a  'b  c' \"d $X\" $X", "a b  c d one two one two\n")]
    [InlineData("false; echo $?; true; echo $?", "1\n0\n")]
    [InlineData("x=$(exit 3); echo $?; false; y=1; echo $?$y", "3\n01\n")]
    [InlineData("false && echo no || echo yes", "yes\n")]
    [InlineData("! false && echo turned", "turned\n")]
    [InlineData("if [ 2 -gt 1 ]; then echo more; else echo less; fi", "more\n")]
    [InlineData("if false; then echo 1\nelif true; then echo 2\nfi", "2\n")]
    [InlineData("i=0; while [ $i -lt 3 ]; do i=$((i + 1)); [ $i = 2 ] && continue; printf '%s ' $i; done", "1 3 ")]
    [InlineData("for f in a b c; do [ $f = c ] && break; echo $f; done", "a\nb\n")]
    [InlineData("case nfs4 in nfs|nfs4) echo nfs;; *) echo other;; esac", "nfs\n")]
    [InlineData("f() { echo $1-$#; return 4; }; f x y; echo $?", "x-2\n4\n")]
    [InlineData("echo ${A:-none} ${X#one } ${X%% *} ${#X}", "none two one 7\n")]
    [InlineData("printf 'b\\na\\nb\\n' | sort -u | head -n 1", "a\n")]
    [InlineData("echo one > /tmp/f; echo two >> /tmp/f; cat < /tmp/f; wc -l < /tmp/f", "one\ntwo\n2\n")]
    [InlineData("printf 'a 1 x\\nb 2 y\\n' > /tmp/f; while read -r n v rest; do echo $v$n; done < /tmp/f", "1a\n2b\n")]
    [InlineData("ls /none 2>/dev/null || echo missing", "missing\n")]
    [InlineData("ls /none 2>&1", "ls: /none: No such file or directory\n")]
    [InlineData("(cd /tmp; X=3; pwd); echo $X; pwd", "/tmp\none two\n/\n")]
    [InlineData("set -e; false; echo never", "")]
    [InlineData("nothing; echo $?", "127\n")]
    [InlineData("mkdir /tmp/a; mkdir /tmp/a 2>&1; mkdir -p /tmp/a/b; mv /tmp/a /tmp/c; ls /tmp/c; mv /tmp/c /tmp/d; ls /tmp", "mkdir: can't create directory '/tmp/a': File exists\nb\nd\n")]
    [InlineData("mkdir -p /tmp/a/x; echo 1 > /tmp/a/x/f; cp -a /tmp/a /tmp/e; echo 2 > /tmp/a/x/f; cat /tmp/e/x/f; mv /tmp/none /tmp/e 2>&1", "1\nmv: can't rename '/tmp/none': No such file or directory\n")]
    [InlineData("mkdir /tmp/a /tmp/b; echo 1 > /tmp/a/f; touch -c -d @86400 /tmp/a/f; tar -czf - -C /tmp ./a > /dev/null; tar -cf - -C /tmp ./a | tar -xpf - --numeric-owner -C /tmp/b; cat /tmp/b/a/f; stat -c %Y /tmp/b/a/f", "1\n86400\n")]
    [InlineData("mkdir /tmp/a /tmp/b; echo 1 > /tmp/a/f; tar cf - /tmp/a 2>&1 >/tmp/t; tar -xmf - -C /tmp/b < /tmp/t; cat /tmp/b/tmp/a/f; rm -r /tmp/b/tmp; cd /tmp/b; tar cf - -C /tmp a | tar --no-same-permissions --no-same-owner -xmf -; ls", "tar: Removing leading `/' from member names\n1\na\n")]
    [InlineData("printf abcdef | head -c 4", "abcd")]
    [InlineData("touch /tmp/.x.1 /tmp/y.1; cd /tmp; echo *.1 .*.1", "y.1 .x.1\n")]
    [InlineData("timeout 2 sleep 5; echo $?; timeout -s KILL 2 sleep 5; echo $?", "124\n137\n")]
    [InlineData("command -v nc; command -v none; echo $?; command echo one", "nc\n1\none\n")]
    [InlineData("nc -z -w 3 10.0.0.1 22 2>&1 || echo no; nc 10.0.0.1 2>&1", "nc: 10.0.0.1 (10.0.0.1:22): Network is unreachable\nno\nnc: usage: nc [-z] [-w SEC] HOST PORT\n")]
    [InlineData("cat <<EOF\n$X \"q\" 'r' $(echo in) \\$X\nEOF\necho after", "one two \"q\" 'r' in $X\nafter\n")]
    [InlineData("cat <<'EOF'; echo after\n$X $(echo in)\nEOF", "$X $(echo in)\nafter\n")]
    [InlineData("if true; then\n\tcat <<-EOF | wc -l\n\ta\n\tb\n\tEOF\nfi", "2\n")]
    [InlineData("while read -r a b; do echo $b$a; done <<A\n1 2\n3 4\nA\ncat <<A <<B\nx\nA\ny\nB\n", "21\n43\ny\n")]
    [InlineData("exec 3>/tmp/f; echo a >&3; echo b >&3; cat /tmp/f; exec 3>&-; echo c >&3; echo $?; cat /tmp/f", "a\nb\n1\na\nb\n")]
    [InlineData("echo x 2>/dev/null >&7; echo $?", "1\n")]
    [InlineData("(echo a; sleep 5; echo b) > /tmp/f & sleep 2; cat /tmp/f; wait; cat /tmp/f", "a\na\nb\n")]
    [InlineData("x='echo a; echo b'; eval \"$x\"; echo 'Y=4; echo in' > /tmp/l; . /tmp/l; echo $Y", "a\nb\nin\n4\n")]
    [InlineData("printf 'b\\n10\\na\\n9\\n' > /tmp/f; sort -r /tmp/f | head -n 1; sort -n /tmp/f | tail -n 2; head -c 3 /tmp/f; echo abcdef | cut -c 2-3,5; echo a:b:c | cut -d : -f 2-", "b\n9\n10\nb\n1bce\nb:c\n")]
    public async Task Scripts_do_what_a_shell_does(string script, string expected)
    {
        var (_, output) = await RunAsync(script);
        Assert.Equal(expected, output);
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("false", 1)]
    [InlineData("if true; then", 2)]
    [InlineData("echo 'open", 2)]
    [InlineData("sleep 10; exit 5", 5)]
    [InlineData("i=0; while [ $i -lt 20000 ]; do echo $i; i=$((i+1)); done; exit 4", 4)]
    public async Task Scripts_end_with_their_code(string script, int code) => Assert.Equal(code, (await RunAsync(script)).Code);

    [Fact]
    public async Task A_script_without_an_end_is_noticed()
    {
        Assert.Null((await RunAsync("while true; do true; done")).Code);
        Assert.Null((await RunAsync("sleep infinity")).Code);
    }

    [Theory]
    [InlineData("sleep 100", "")]
    [InlineData("trap 'echo bye; exit 3' TERM; while :; do sleep 2; echo tick; done", "tick\nbye\n", 3)]
    [InlineData("trap 'echo bye' TERM; while [ ! -f /tmp/x ]; do sleep 4; [ -f /tmp/y ] && touch /tmp/x; touch /tmp/y; done; echo end", "bye\nend\n", 0)]
    [InlineData("trap 'echo bye; exit 3' TERM; sleep 10; echo never", "bye\n", 3)]
    [InlineData("trap 'exit 0' TERM; sleep 100000 & wait; echo never", "", 0)]
    [InlineData("trap 'echo $?' EXIT; sleep 100 & wait $!; exit 5", "0\n", 5)]
    [InlineData("trap 'kill $!; exit 7' TERM; sleep 100000 & wait", "", 7)]
    [InlineData("trap '' TERM; sleep 10; exit 4", "", 4)]
    [InlineData("trap 'exit 3' TERM; trap - TERM; sleep 10; exit 4", "", 4)]
    [InlineData("trap 'exit 3' TERM; exec sleep 100000", "")]
    public async Task A_first_process_hears_only_the_signals_that_it_has_a_trap_for(string script, string output, int? code = null) =>
        Assert.Equal((script.StartsWith("sleep", StringComparison.Ordinal) ? 0 : code, output), await RunAsync(script, termAfter: 3));

    [Theory]
    [InlineData("sleep 20 & sleep 10; echo a; wait; echo b; date +%s", "a\nb\n20\n")]
    [InlineData("(sleep 5; echo late) & echo early; wait", "early\nlate\n")]
    [InlineData("sleep 1000 & kill $!; wait $!; echo $?", "143\n")]
    [InlineData("(exit 6) & wait $!; echo $?", "6\n")]
    [InlineData("wait 99; echo $?; exec echo one; echo two", "127\none\n")]
    [InlineData("kill -0 $$ && echo there; kill -0 999 2>/dev/null || echo not", "there\nnot\n")]
    public async Task Commands_run_beside_others(string script, string output) => Assert.Equal(output, (await RunAsync(script)).Output);

    [Fact]
    public async Task At_a_terminal_it_shows_what_is_typed_and_lines_can_be_mended()
    {
        using var screen = new MemoryStream();
        using var keys = new MemoryStream(Encoding.UTF8.GetBytes("ecjo\u007f\u007fho hi\rdropped\u0003exit 3\r"));
        var terminal = new SimulatedTerminal(keys, screen);
        var typing = terminal.RunAsync(Cluster.Stop);
        var context = new ProcessContext
        {
            Files = new([new("/", _disk, "disk", "ext4")]),
            Environment = new Dictionary<string, string>(),
            Programs = new(),
            Time = new ClockTime(TimeProvider.System),
            HasTerminal = true,
        };

        var code = await ShellProgram.RunAsync(new ProgramCall(context, "sh", [], terminal.Input, terminal.Output, terminal.Output), Cluster.Stop);

        await typing;
        var seen = Encoding.UTF8.GetString(screen.ToArray());
        Assert.Equal(3, code);
        Assert.Contains("/ # ", seen, StringComparison.Ordinal);
        Assert.Contains("hi\r\n", seen, StringComparison.Ordinal);
        Assert.Contains("^C\r\n", seen, StringComparison.Ordinal);
    }

    // Two hours of it; the code is null where that is not enough.
    [Theory]
    [InlineData("if true; then\n  echo a\nfi\ncat <<E\nb\nE\necho 'c\nd'\n", "a\nb\nc\nd\n")]
    [InlineData("for i in 1 2; do\necho $i\ndone\nexit 3\necho never\n", "1\n2\n")]
    [InlineData("fi\necho on\n", "on\n")]
    public async Task A_shell_that_reads_its_input_runs_each_command_when_it_is_whole(string script, string expected) => Assert.Equal(expected, (await RunAsync(["sh"], Encoding.UTF8.GetBytes(script))).Output);

    private Task<(int? Code, string Output)> RunAsync(string script, double? termAfter = null) => RunAsync(["sh", "-c", script], [], termAfter);

    private async Task<(int? Code, string Output)> RunAsync(string[] command, byte[] input, double? termAfter = null)
    {
        _disk.Set("/tmp", FileEntry.Folder);
        using var output = new MemoryStream();
        var time = new SteppedTime(DateTimeOffset.UnixEpoch);
        var context = new ProcessContext
        {
            Files = new([new("/", _disk, "disk", "ext4")]),
            Environment = new Dictionary<string, string> { ["X"] = "one two" },
            Programs = new(),
            Time = time,
        };
        var process = await LiveProcess.StartAsync(time, context.Processes, _ => ContainerProcesses.RunAsync(context, command, new MemoryStream(input), output, Stream.Null, Cluster.Stop));
        if (termAfter is { } seconds)
        {
            await process.SendAsync(Signals.Terminate, DateTimeOffset.UnixEpoch.AddSeconds(seconds));
        }

        await process.AdvanceAsync(DateTimeOffset.UnixEpoch.AddHours(2));
        return (process.EndsAfter is null ? null : process.ExitCode, Encoding.UTF8.GetString(output.ToArray()));
    }
}
