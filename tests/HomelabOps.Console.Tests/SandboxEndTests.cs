using System.Globalization;

namespace HomelabOps.Console.Tests;

/// <summary>A process of its own that connects to embedded homelabs again and again, and looks at itself in between.</summary>
public sealed class SandboxEndTests
{
    private const int Rounds = 5;

    // A homelab that something still holds takes more, each time.
    private const long Spare = 16 << 20;

    // Threads of the runtime stay once they are there, and those of its pool for a while; only the others can be of a homelab.
    // What has to end by itself is waited for.
    private const string Script = """
        $folder = $env:XDG_RUNTIME_DIR
        function Look {
            [GC]::Collect(); [GC]::WaitForPendingFinalizers(); [GC]::Collect()
            $threads = foreach ($task in [IO.Directory]::GetDirectories('/proc/self/task')) { try { [IO.File]::ReadAllText("$task/comm").Trim() } catch { } }
            $links = foreach ($file in [IO.Directory]::GetFiles('/proc/self/fd')) { try { [IO.FileInfo]::new($file).LinkTarget } catch { } }
            @{
                Threads = @($threads | Where-Object { $_ -notlike '.NET *' -or $_ -like '.NET Long*' }).Count
                Sockets = @($links | Where-Object { $_ -like 'socket:*' }).Count
                Handles = @($links | Where-Object { $_ -notlike '*.dll' -and $_ -notlike '*.so' }).Count
                Timers  = [Threading.Timer]::ActiveCount
                Files   = [IO.Directory]::GetFileSystemEntries($folder, '*', 'AllDirectories').Count
                Memory  = [GC]::GetTotalMemory($true)
            }
        }
        function Tell($what, $seen) { "$what threads=$($seen.Threads) sockets=$($seen.Sockets) handles=$($seen.Handles) timers=$($seen.Timers) files=$($seen.Files) memory=$($seen.Memory)" }
        function Settle($most) {
            foreach ($try in 1..600) {
                $seen = Look
                if ($seen.Threads -le $most.Threads -and $seen.Sockets -le $most.Sockets -and $seen.Handles -le $most.Handles -and $seen.Timers -le $most.Timers) { break }
                [Threading.Thread]::Sleep(200)
            }
            $seen
        }
        function Round {
            $connection = Connect-Homelab -Sandbox
            $pods = @(Get-HomelabPod).Count
            $file = $connection.KubeConfigPath
            $port = [int]([IO.File]::ReadAllText($file) -replace '(?s).*server: "?http://127\.0\.0\.1:(\d+).*', '$1')
            $there = @([IO.Directory]::GetFileSystemEntries($folder, '*', 'AllDirectories')).Count
            $null = Disconnect-Homelab
            $client = [Net.Sockets.TcpClient]::new()
            $closed = try { $client.Connect('127.0.0.1', $port); 'open' } catch { 'closed' }
            $client.Dispose()
            "pods=$($pods -gt 10) there=$($there -gt 10) port=$closed config=$([IO.File]::Exists($file)) clone=$([IO.Directory]::Exists($connection.Repository))"
        }
        $before = Look
        Tell 'before' $before
        Round
        $first = Settle @{ Threads = $before.Threads; Sockets = $before.Sockets; Handles = 1000; Timers = 3 }
        Tell 'first' $first
        foreach ($number in 1..ROUNDS) {
            Round
            Tell "round $number" (Settle $first)
        }
        """;

    [Fact]
    public void What_a_homelab_took_is_given_back_each_time()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self/task"), "What a process holds is read from /proc, which is not here.");
        using TemporaryFolder folder = new();
        string runtime = Directory.CreateDirectory(Path.Combine(folder.Path, "run")).FullName;
        string file = Path.Combine(folder.Path, "rounds.ps1");
        File.WriteAllText(file, Script.Replace("ROUNDS", Rounds.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        ConsoleProcess.Result result = ConsoleProcess.RunWith("", new Dictionary<string, string?> { ["XDG_RUNTIME_DIR"] = runtime }, "-NonInteractive", "-File", file);
        Assert.True(result.ExitCode == 0, result.Error + result.Output);
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Enumerable.Repeat("pods=True there=True port=closed config=False clone=False", Rounds + 1), lines.Where(line => line.StartsWith("pods=", StringComparison.Ordinal)));

        // Handles and timers of the runtime itself come with the first use of what needs them.
        Dictionary<string, long> before = Read(lines, "before "), first = Read(lines, "first ");
        Assert.True(first["threads"] <= before["threads"] && first["sockets"] <= before["sockets"], result.Output);
        Assert.InRange(first["files"], 0, 1);
        for (int number = 1; number <= Rounds; number++)
        {
            Dictionary<string, long> round = Read(lines, $"round {number} ");
            foreach (string what in (string[])["threads", "sockets", "handles", "timers", "files"])
            {
                Assert.True(round[what] <= first[what], $"{what} of round {number}:\n{result.Output}");
            }

            Assert.True(round["memory"] <= first["memory"] + Spare, $"memory of round {number}:\n{result.Output}");
        }
    }

    private static Dictionary<string, long> Read(string[] lines, string key) => SandboxTests.Value(lines, key).Split(' ')
        .Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => long.Parse(pair[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
}
