using System.Diagnostics;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>A real NFS server in user space (nfs-ganesha) with its portmapper, in a network namespace that has nothing but its own loopback.</summary>
public sealed class NfsGround : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly TemporaryFolder _folder = new();
    private Process? _process;

    /// <summary>The folder that is exported.</summary>
    public string Export => Path.Combine(_folder.Path, "my media");

    /// <summary>Runs a script in a console within the namespace; starts the server with the first one.</summary>
    internal async Task<string[]> RunAsync(string script)
    {
        _process ??= await StartAsync();
        var result = await ConsoleProcess.RunUnderAsync(Entering(), script, import: true, TestContext.Current.CancellationToken);
        Assert.Equal("", result.Error);
        return result.Lines;
    }

    /// <summary>Ends one of the programs in the namespace.</summary>
    internal async Task EndAsync(string program)
    {
        // The number is one of the namespace.
        string[] command = [.. Entering(), "kill", "-KILL", (await File.ReadAllTextAsync(Path.Combine(_folder.Path, program + ".pid"))).Trim()];
        using var process = Process.Start(command[0], command[1..]);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    public void Dispose()
    {
        // With the first process of a namespace of processes all others in it end.
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process?.Dispose();
        _folder.Dispose();
    }

    private static void Require(bool condition, string what)
    {
        if (!condition && Environment.GetEnvironmentVariable("HOMELABOPS_REQUIRE_LAB") == "1")
        {
            Assert.Fail($"A real NFS server is required here, but {what}.");
        }

        Assert.SkipUnless(condition, $"No real NFS server: {what}.");
    }

    // The first child is where all are in the namespaces; its number outside of them is known by its parent only.
    private string[] Entering() => ["nsenter", "--net", "--mount", "--pid", "-t", File.ReadAllText($"/proc/{_process!.Id}/task/{_process.Id}/children").Trim().Split(' ')[0]];

    private async Task<Process> StartAsync()
    {
        Require(Environment.UserName == "root", "only root may make a network namespace");
        Require(File.Exists("/usr/bin/ganesha.nfsd") && File.Exists("/sbin/rpcbind"), "nfs-ganesha, nfs-ganesha-vfs and rpcbind are not installed");
        Directory.CreateDirectory(Export);
        var config = _folder.File("ganesha.conf", $$"""
            NFS_CORE_PARAM { Protocols = 3, 4; MNT_Port = 20048; Enable_NLM = false; Enable_RQUOTA = false; }
            NFSV4 { Graceless = true; RecoveryBackend = "fs"; RecoveryRoot = "{{_folder.Path}}/recovery"; Minor_Versions = 0, 1, 2; }
            EXPORT { Export_Id = 1; Path = "{{Export}}"; Pseudo = "{{Export}}"; Access_Type = NONE; SecType = sys; FSAL { Name = VFS; } CLIENT { Clients = 192.0.2.0/24; Access_Type = RO; } CLIENT { Clients = 127.0.0.1, ::1; Access_Type = RO; } }
            """);
        var script = _folder.File("start.sh", $"""
            ip link set lo up
            mount -t tmpfs none /run
            mkdir -p /run/rpcbind /run/ganesha
            rpcbind -w -f & echo $! > '{_folder.Path}/rpcbind.pid'
            while ! test -S /run/rpcbind.sock; do sleep 0.1; done
            ganesha.nfsd -F -f '{config}' -L '{_folder.Path}/ganesha.log' -N NIV_EVENT -p /run/ganesha.pid & echo $! > '{_folder.Path}/ganesha.pid'
            tail -f /dev/null
            """);
        var process = Process.Start(new ProcessStartInfo("unshare", ["--net", "--mount", "--pid", "--mount-proc", "--fork", "--kill-child", "sh", script]) { UseShellExecute = false })!;
        var end = DateTime.UtcNow + Patience;
        while (!File.Exists(Path.Combine(_folder.Path, "ganesha.log")) || !(await File.ReadAllTextAsync(Path.Combine(_folder.Path, "ganesha.log"))).Contains("NFS SERVER INITIALIZED", StringComparison.Ordinal))
        {
            Assert.True(DateTime.UtcNow < end && !process.HasExited, "nfs-ganesha did not come up");
            await Task.Delay(100);
        }

        return process;
    }
}
