using System.Diagnostics;
using System.Text;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>A shell in a container of a real kubelet, on a real terminal, which script(1) makes.</summary>
public sealed class PodShellLabTests : ClusterTest
{
    private const string Program = "/usr/bin/script";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly LabNamespace _space = new();
    private readonly TemporaryFolder _folder = new();
    private readonly StringBuilder _shown = new();

    [Fact]
    public void Keys_and_sizes_reach_the_shell_and_the_terminal_is_as_it_was_afterwards()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists(Program), "script of util-linux is needed");
        _space.AddPod("inner", "sleep 1000");
        Until(() => Run($"(Get-HomelabPod {_space.Name}/inner).ReadyContainers").Strings.SingleOrDefault() == "1", "the pod runs");
        using var grant = new RoleGrant("homelabops-cluster");
        var script = _folder.File("session.ps1", $$"""
            [IO.File]::WriteAllText('{{At("ready")}}', '')
            while (-not [IO.File]::Exists('{{At("enter")}}')) { [Threading.Thread]::Sleep(50) }
            $result = Enter-HomelabPod {{_space.Name}}/inner -Container first -Shell sh -KubeConfig '{{grant.KubeConfig}}'
            [IO.File]::WriteAllText('{{At("ended")}}', "$($result.Name) $($result.ExitCode)")
            while (-not [IO.File]::Exists('{{At("leave")}}')) { [Threading.Thread]::Sleep(50) }
            """);
        using var terminal = Open($"stty cols 91 rows 33; tty > '{At("tty")}'; exec dotnet '{Build.Console}' -File '{script}'");

        Until(() => File.Exists(At("ready")), "it is connected");
        var before = Stty("-g");
        File.WriteAllText(At("enter"), "");
        Type(terminal, "echo $((6 * 7))nd\r");
        Shown("42nd");
        Assert.NotEqual(before, Stty("-g"));
        Until(() => Answers(terminal, "stty size\r", "33 91"), "it knows the size");
        Stty("cols", "100", "rows", "40");
        Until(() => Answers(terminal, "stty size\r", "40 100"), "it learns of another size");

        // Ctrl+C is for what runs there, and not for us.
        Type(terminal, "echo $((1 + 1))sleeps; sleep 1000\r");
        Shown("2sleeps");
        Type(terminal, "\x03");
        Type(terminal, "echo $((1 + 2))goes on\r");
        Shown("3goes on");
        Type(terminal, "exit 7\r");

        Until(() => File.Exists(At("ended")) && File.ReadAllText(At("ended")) == "inner 7", "it has ended");
        Assert.Equal(before, Stty("-g"));
        File.WriteAllText(At("leave"), "");
        Assert.True(terminal.WaitForExit(Patience), Text());
        Assert.Equal(0, terminal.ExitCode);
    }

    protected override void Dispose(bool disposing)
    {
        _space.Dispose();
        _folder.Dispose();
        base.Dispose(disposing);
    }

    private static void Type(Process terminal, string keys)
    {
        terminal.StandardInput.Write(keys);
        terminal.StandardInput.Flush();
    }

    private bool Answers(Process terminal, string keys, string answer)
    {
        Type(terminal, keys);
        return SpinWait.SpinUntil(() => Text().Contains(answer, StringComparison.Ordinal), TimeSpan.FromSeconds(2));
    }

    // A program that was started in the background may have had the signal ignored, which a child inherits.
    private Process Open(string command)
    {
        var start = new ProcessStartInfo("/usr/bin/env", ["--default-signal=INT,HUP,TERM", Program, "-q", "-e", "-f", "-c", command, "/dev/null"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["HOMELABOPS_STATE"] = _folder.Path;
        var process = Process.Start(start)!;
        foreach (var reader in new[] { process.StandardOutput, process.StandardError })
        {
            _ = CollectAsync(reader);
        }

        return process;
    }

    private async Task CollectAsync(StreamReader reader)
    {
        var buffer = new char[4096];
        for (int length; (length = await reader.ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0;)
        {
            lock (_shown)
            {
                _shown.Append(buffer, 0, length);
            }
        }
    }

    private string Text()
    {
        lock (_shown)
        {
            return _shown.ToString();
        }
    }

    private void Shown(string text) => Until(() => Text().Contains(text, StringComparison.Ordinal), $"'{text}' is shown");

    private void Until(Func<bool> holds, string what) => Assert.True(SpinWait.SpinUntil(holds, Patience), $"never: {what}\n{Text()}");

    // The terminal, as another who has it open sees and changes it.
    private string Stty(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("stty", ["-F", File.ReadAllText(At("tty")).Trim(), .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return text.Trim();
    }

    private string At(string name) => Path.Combine(_folder.Path, name);
}
