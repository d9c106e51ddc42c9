using System.Diagnostics;
using System.Net.Sockets;

namespace HomelabOps.Core.Tests.Ssh;

/// <summary>A real ssh-agent that keeps keys for one test.</summary>
internal sealed class SshAgent : IDisposable
{
    private readonly Process _process;

    private SshAgent(string socket)
    {
        Address = socket;
        _process = Process.Start(new ProcessStartInfo("ssh-agent", ["-D", "-a", socket]) { UseShellExecute = false, RedirectStandardOutput = true })!;
    }

    /// <summary>Where it is asked.</summary>
    public string Address { get; }

    /// <summary>Starts one.</summary>
    public static async Task<SshAgent> StartAsync(string socket, CancellationToken cancellationToken)
    {
        var agent = new SshAgent(socket);
        while (!await ListensAsync(socket, cancellationToken))
        {
            Assert.False(agent._process.HasExited, "ssh-agent has ended.");
            await Task.Delay(20, cancellationToken);
        }

        return agent;
    }

    // Its socket is there before it listens.
    private static async Task<bool> ListensAsync(string path, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Gives it a key, whose file is deleted.</summary>
    public void Keep(string key)
    {
        using var adding = Process.Start(new ProcessStartInfo("ssh-add", ["-q", key]) { UseShellExecute = false, Environment = { ["SSH_AUTH_SOCK"] = Address } })!;
        adding.WaitForExit();
        Assert.Equal(0, adding.ExitCode);
        File.Delete(key);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
