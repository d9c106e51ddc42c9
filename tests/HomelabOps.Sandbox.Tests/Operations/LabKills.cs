using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>Operations on the lab whose processes are killed, by SIGKILL, as soon as a step of theirs is written down as done.</summary>
internal sealed class LabKills(LabApp app)
{
    // Its last step may be the last thing that it did. Pods that those who died have left go with the namespace.
    private string Resuming => $"$null = Get-HomelabOperation | Where-Object Status -EQ Interrupted | Resume-HomelabOperation -ProbeNamespace {app.Space} -Confirm:$false";

    /// <summary>Begins an operation and kills its process when so many steps are done; gives the name of the last one, or null where it was done before that.</summary>
    /// <param name="script">The operation.</param>
    /// <param name="steps">After which of its steps.</param>
    /// <param name="before">What is done as soon as so many of its steps are done, while it goes on.</param>
    public async Task<string?> BeginAsync(string script, int steps, (int Steps, Action Act)? before = null)
    {
        var known = Files().ToHashSet(StringComparer.Ordinal);
        return await KilledAsync(script, () => Files().Where(file => !known.Contains(file)).Select(Done).FirstOrDefault([]), steps, before) is [.., var last] ? last : null;
    }

    /// <summary>Runs an operation to its end, in a process for each step.</summary>
    /// <returns>The steps after which a process was killed.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(string script)
    {
        var (known, killed) = (Files().ToHashSet(StringComparer.Ordinal), new List<string>());
        IReadOnlyList<string> Reached() => Files().Where(file => !known.Contains(file)).Select(Done).FirstOrDefault([]);
        for (var next = script; await KilledAsync(next, Reached, Reached().Count + 1) is [.., var last]; next = Resuming)
        {
            killed.Add(last);
        }

        return killed;
    }

    // The steps that were done when it was killed; null when it had come to its end.
    private async Task<IReadOnlyList<string>?> KilledAsync(string script, Func<IReadOnlyList<string>> reached, int steps, (int Steps, Action Act)? before = null)
    {
        using var kill = CancellationTokenSource.CreateLinkedTokenSource(Controllers.Cluster.Stop);
        var running = app.Owner.ConsoleAsync(script, kill.Token);
        if (before is var (first, act))
        {
            await Controllers.Cluster.UntilAsync(() => Task.FromResult(reached().Count >= first || running.IsCompleted), $"{first} steps are done", TimeSpan.FromMinutes(3));
            act();
        }

        await Controllers.Cluster.UntilAsync(() => Task.FromResult(reached().Count >= steps || running.IsCompleted), $"{steps} steps are done", TimeSpan.FromMinutes(3));
        if (!running.IsCompleted)
        {
            await kill.CancelAsync();
            try
            {
                await running;
            }
            catch (OperationCanceledException)
            {
                return reached();
            }
        }

        var result = await running;
        Assert.True(result.ExitCode == 0, result.Error);
        return null;
    }

    private string[] Files() => Directory.Exists(Path.Combine(app.Owner.State, "operations")) ? Directory.GetFiles(Path.Combine(app.Owner.State, "operations"), "*.json") : [];

    private static IReadOnlyList<string> Done(string file) =>
        [.. JsonNode.Parse(File.ReadAllText(file))!["steps"]!.AsArray().Where(step => (string?)step!["status"] == "Completed").Select(step => (string)step!["name"]!)];
}
