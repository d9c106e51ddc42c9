using System.Globalization;

namespace HomelabOps.Sandbox.Tests.Server;

/// <summary>Many watchers of one object that changes often see each change once and in order.</summary>
public sealed class ManyWatchesTests
{
    private const int Watches = 1000;
    private const int Writes = 600;
    private const string Path = "/api/v1/namespaces/default/configmaps";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_thousand_watches_lose_and_reorder_nothing_at_200_writes_a_second()
    {
        using var sandbox = new RunningSandbox();
        using var created = await sandbox.SendAsync(HttpMethod.Post, Path, """{"metadata":{"name":"counter"},"data":{"n":"0"}}""");
        created.EnsureSuccessStatusCode();
        var watches = await Task.WhenAll(Enumerable.Range(0, Watches).Select(_ => sandbox.WatchAsync(Path + "?watch=true&fieldSelector=metadata.name%3Dcounter")));
        var readers = watches.Select(watch => Task.Run(() => ReadAsync(watch))).ToArray();
        using var timer = new PeriodicTimer(Pause);
        for (var number = 1; number <= Writes; number++)
        {
            await timer.WaitForNextTickAsync();
            using var patched = await sandbox.SendAsync(HttpMethod.Patch, Path + "/counter", $$"""{"data":{"n":"{{number}}"} }""", "application/merge-patch+json");
            patched.EnsureSuccessStatusCode();
        }

        foreach (var seen in await Task.WhenAll(readers).WaitAsync(Patience))
        {
            Assert.Equal(Enumerable.Range(0, Writes + 1), seen);
        }
    }

    // The numbers up to the last one.
    private static async Task<List<int>> ReadAsync(HttpResponseMessage watch)
    {
        using var response = watch;
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var seen = new List<int>();
        while ((seen.Count == 0 || seen[^1] < Writes) && await reader.ReadLineAsync() is { } line)
        {
            const string Before = "\"n\":\"";
            var start = line.IndexOf(Before, StringComparison.Ordinal) + Before.Length;
            seen.Add(int.Parse(line.AsSpan(start, line.IndexOf('"', start) - start), CultureInfo.InvariantCulture));
        }

        return seen;
    }
}
