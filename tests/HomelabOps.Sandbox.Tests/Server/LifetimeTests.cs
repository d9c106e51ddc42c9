using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace HomelabOps.Sandbox.Tests.Server;

/// <summary>Where the server listens, what it leaves on the disk, and what is left of it afterwards.</summary>
public sealed class LifetimeTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public void It_listens_on_one_address_only()
    {
        using var sandbox = new RunningSandbox();
        var port = sandbox.Server.Url.Port;
        var listening = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(end => end.Port == port).Select(end => end.Address);
        Assert.Equal([IPAddress.Loopback], listening);
        Assert.Null(Connect("127.0.0.1", port));

        // Another address of this machine, which needs no network.
        Assert.NotNull(Connect("127.0.0.2", port));
    }

    [Fact]
    public async Task Without_the_secret_there_is_no_answer()
    {
        using var sandbox = new RunningSandbox();
        using var stranger = new HttpClient { BaseAddress = sandbox.Http.BaseAddress };
        foreach (var path in (string[])["/", "/version", "/api/v1/pods", $"/{sandbox.Server.Token[..^1]}/version"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(path)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync($"/{sandbox.Server.Token}/version")).StatusCode);
    }

    [Fact]
    public void The_kubeconfig_is_its_owners_and_goes_with_the_server()
    {
        using var sandbox = new RunningSandbox();
        var path = sandbox.Server.KubeConfigPath;
        AssertMode(OwnerOnly, path);
        Assert.Contains(sandbox.Server.Url.AbsoluteUri, File.ReadAllText(path), StringComparison.Ordinal);
        sandbox.Server.Dispose();
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void The_folder_that_it_makes_is_its_owners()
    {
        var parent = Directory.CreateTempSubdirectory("homelabops-").FullName;
        try
        {
            var folder = Path.Combine(parent, "run");
            using (SandboxServer.Start(new() { RuntimeFolder = folder }))
            {
                AssertMode(OwnerOnly | UnixFileMode.UserExecute, folder);
            }

            Assert.Empty(Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(parent, recursive: true);
        }
    }

    [Fact]
    public void What_a_killed_process_left_is_swept_at_the_next_start()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sleep on Windows.");
        using var sandbox = new RunningSandbox();
        var folder = Path.GetDirectoryName(sandbox.Server.KubeConfigPath)!;
        using var other = Process.Start("sleep", "600");
        var parts = Path.GetFileName(sandbox.Server.KubeConfigPath).Split('-');
        parts[1] = other.Id.ToString(CultureInfo.InvariantCulture);
        parts[2] = new DateTimeOffset(other.StartTime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var left = Path.Combine(folder, string.Join('-', parts));
        File.Copy(sandbox.Server.KubeConfigPath, left);
        using (SandboxServer.Start(new() { RuntimeFolder = folder }))
        {
            Assert.True(File.Exists(left), "it was swept while its process ran");
        }

        other.Kill();
        other.WaitForExit();
        using (SandboxServer.Start(new() { RuntimeFolder = folder }))
        {
            Assert.False(File.Exists(left));
            Assert.True(File.Exists(sandbox.Server.KubeConfigPath));
        }
    }

    [Fact]
    public async Task Its_end_ends_watches_and_frees_the_port()
    {
        using var sandbox = new RunningSandbox();
        using var watch = await sandbox.WatchAsync("/api/v1/pods?watch=true&resourceVersion=0");
        using var reader = new StreamReader(await watch.Content.ReadAsStreamAsync());
        var reading = ReadToEndAsync(reader);
        sandbox.Server.Dispose();
        await reading.WaitAsync(Patience);
        Assert.NotNull(Connect("127.0.0.1", sandbox.Server.Url.Port));
        using var again = new TcpListener(IPAddress.Loopback, sandbox.Server.Url.Port);
        again.Start();
    }

    [Fact]
    public void Nothing_runs_on_after_its_end()
    {
        // A thread or a task of it that goes on would hold its store.
        var store = StartAndEnd();
        var clock = Stopwatch.StartNew();
        while (store.IsAlive && clock.Elapsed < Patience)
        {
            Thread.Sleep(50);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(store.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference StartAndEnd()
    {
        using var sandbox = new RunningSandbox();
        using var answer = sandbox.Http.Send(new HttpRequestMessage(HttpMethod.Get, "/api/v1/namespaces"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return new WeakReference(sandbox.Server.Context.Store);
    }

    // Windows has no modes; there the folder is in the user's profile.
    private static void AssertMode(UnixFileMode mode, string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(mode, File.GetUnixFileMode(path));
        }
    }

    private static SocketException? Connect(string address, int port)
    {
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            client.Connect(IPAddress.Parse(address), port);
            return null;
        }
        catch (SocketException error)
        {
            return error;
        }
    }

    private static async Task ReadToEndAsync(StreamReader reader)
    {
        try
        {
            while (await reader.ReadLineAsync() is not null)
            {
            }
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            // The connection may also break.
        }
    }
}
