using System.Diagnostics;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>Ctrl+C ends what goes on with an operation, and the operation stays what it was.</summary>
[Collection(nameof(Alone))]
public sealed class OperationStopTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Engine _engine = new();
    private readonly TemporaryFolder _folder = new();

    public OperationStopTests() => Environment.SetEnvironmentVariable("HOMELABOPS_STATE", _folder.Path);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", null);
        _engine.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Resume-HomelabOperation")]
    [InlineData("Undo-HomelabOperation")]
    public void A_command_whose_server_does_not_answer_ends(string command)
    {
        using var server = new LoopbackServer(answer: null);
        var kubeConfig = _folder.File("config", KubeConfigs.Of($"http://127.0.0.1:{server.Port}"));
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder.Path, "operations")).FullName, "one.json");
        File.WriteAllText(file, $$"""{"version":1,"id":"one","kind":"Failover","status":"Failed","server":"http://127.0.0.1:{{server.Port}}","apps":[],"steps":[]}""");

        using var shell = _engine.Start($"{command} one -Confirm:$false -KubeConfig '{kubeConfig}' -Repository '{HomelabClone.MakeRepository(_folder.Path)}'");
        var running = shell.BeginInvoke();
        Assert.True(server.WaitForConnection(Patience), "nobody asked the server");
        Assert.False(running.IsCompleted);

        var clock = Stopwatch.StartNew();
        Assert.True(shell.BeginStop(null, null).AsyncWaitHandle.WaitOne(Patience), "the command never ended");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed}");
        Assert.Contains("\"status\":\"Failed\"", File.ReadAllText(file), StringComparison.Ordinal);
    }
}
