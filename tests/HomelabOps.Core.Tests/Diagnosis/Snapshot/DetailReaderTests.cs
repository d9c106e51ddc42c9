using System.Globalization;
using HomelabOps.Core.Diagnosis.Pods;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Tests.Diagnosis.Checks;
using HomelabOps.Core.Tests.Fakes;

namespace HomelabOps.Core.Tests.Diagnosis.Snapshot;

/// <summary>Of which pods warnings and logs are read.</summary>
public sealed class DetailReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly PodFacts Killed = Pod(4, "2026-11-26T11:58:00Z");

    [Fact]
    public async Task One_that_is_ready_between_two_kills_is_explained()
    {
        await using var server = new FakeApiServer((request, reply) => reply.SendAsync(request.Path.EndsWith("/log", StringComparison.Ordinal)
            ? "listening\nstopping\n"
            : FakeCluster.List(["""{"metadata":{"name":"e","namespace":"media"},"involvedObject":{"kind":"Pod","namespace":"media","name":"app-1"},"type":"Warning","reason":"Unhealthy","message":"Liveness probe failed: timeout"}"""])));
        using var client = server.Client();
        var details = await new DetailReader(client).ReadAsync([Killed], Now, lacksPods: false, TestContext.Current.CancellationToken);
        Assert.Equal(["listening", "stopping"], details.LastWords[(Killed.Reference, "app")]);

        var snapshot = new HomelabSnapshot { Cluster = Made.Cluster, Now = Now, Pods = [Killed], Warnings = details.Warnings, LastWords = details.LastWords };
        var problem = new PodJudge(snapshot).Judge(Killed);
        Assert.Equal(("LivenessProbeFailed", "Liveness probe failed: timeout"), (problem!.Reason, problem.Words));
        Assert.Contains(server.Requests, request => request.Query("previous") == "true");
    }

    [Theory]
    [InlineData("\u001b[31merror\u001b[0m: no disk", "error: no disk")]
    [InlineData("a\0b\u0007c\r", "abc")]
    [InlineData("\u202Eabc\u2066d\u200B", "abcd")]
    [InlineData("tab\tis kept", "tab\tis kept")]
    public void Only_what_can_be_shown_is_kept_of_a_line(string line, string expected) => Assert.Equal(expected, DetailReader.Printable(line));

    [Fact]
    public async Task A_log_of_one_line_of_a_megabyte_or_of_no_text_is_short_and_can_be_shown()
    {
        foreach (var log in new[] { new byte[1 << 20], [.. Enumerable.Repeat((byte)'x', 1 << 20)], Noise(), [.. Enumerable.Repeat("\U0001F600"u8.ToArray(), 1 << 18).SelectMany(bytes => bytes)] })
        {
            await using var server = new FakeApiServer((request, reply) => request.Path.EndsWith("/log", StringComparison.Ordinal) ? SendAsync(reply, log) : reply.SendAsync(FakeCluster.List([])));
            using var client = server.Client();
            var details = await new DetailReader(client).ReadAsync([Killed], Now, lacksPods: false, TestContext.Current.CancellationToken).Soon();
            var words = details.LastWords.GetValueOrDefault((Killed.Reference, "app")) ?? [];
            Assert.True(words.Count <= 5);
            Assert.All(words, word => Assert.True(word.Length <= 301 && word.All(letter => letter == '\t' || !char.IsControl(letter)) && !char.IsHighSurrogate(word[^2])));
            Assert.Contains(server.Requests, request => request.Query("limitBytes") == "65536" && request.Query("tailLines") == "5");
        }
    }

    [Fact]
    public async Task Of_thousands_of_warnings_those_of_the_pod_are_found_the_newest_first_and_no_others_are_kept()
    {
        var others = Enumerable.Range(0, 12_000).Select(number => Warning($"other-{number}", "2026-11-26T11:00:00Z", "BackOff", "of another"));
        List<string> all = [Warning("app-1", "2026-11-26T11:57:00Z", "Unhealthy", "Liveness probe failed: old"), .. others, Warning("app-1", "2026-11-26T11:59:00Z", "Unhealthy", "Liveness probe failed: new")];
        await using var server = new FakeApiServer((request, reply) => request.Path.EndsWith("/log", StringComparison.Ordinal) ? reply.SendAsync("gone\n") : PageAsync(request, reply, all));
        using var client = server.Client();
        var details = await new DetailReader(client).ReadAsync([Killed], Now, lacksPods: false, TestContext.Current.CancellationToken).Soon();
        Assert.Equal(["Liveness probe failed: new", "Liveness probe failed: old"], details.Warnings[Killed.Reference].Select(warning => warning.Message));
        Assert.Single(details.Warnings);
        Assert.InRange(server.Requests.Count(request => request.Path.EndsWith("/events", StringComparison.Ordinal)), 1, 8);
    }

    [Fact]
    public async Task However_many_pods_crash_only_so_many_logs_are_read()
    {
        await using var server = new FakeApiServer((request, reply) => reply.SendAsync(request.Path.EndsWith("/log", StringComparison.Ordinal) ? "gone\n" : FakeCluster.List([])));
        using var client = server.Client();
        var pods = Enumerable.Range(0, 500).Select(number => Pod(4, "2026-11-26T11:58:00Z", $"app-{number}")).ToList();
        await new DetailReader(client).ReadAsync(pods, Now, lacksPods: false, TestContext.Current.CancellationToken).Soon();
        Assert.Equal((20, 1), (server.Requests.Count(request => request.Path.EndsWith("/log", StringComparison.Ordinal)), server.Requests.Count(request => request.Path.EndsWith("/events", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData(9, 2, false)]
    [InlineData(8, 2, true)]
    [InlineData(9, 1, true)]
    public async Task Warnings_of_others_do_not_use_up_what_is_kept_and_what_is_left_out_is_told(int read, int kept, bool isTold)
    {
        List<string> all = [Warning("app-1", "2026-11-26T11:57:00Z", "Unhealthy", "old"), .. Enumerable.Range(0, 7).Select(number => Warning($"other-{number}", "2026-11-26T11:00:00Z", "BackOff", "of another")), Warning("app-1", "2026-11-26T11:59:00Z", "Unhealthy", "new")];
        await using var server = new FakeApiServer((request, reply) => request.Path.EndsWith("/log", StringComparison.Ordinal) ? reply.SendAsync("gone\n") : PageAsync(request, reply, all));
        using var client = server.Client();
        var told = 0;
        var details = await new DetailReader(client, () => told++) { MostRead = read, MostKept = kept }.ReadAsync([Killed], Now, lacksPods: false, TestContext.Current.CancellationToken).Soon();
        Assert.Equal(isTold ? ["old"] : ["new", "old"], details.Warnings[Killed.Reference].Select(warning => warning.Message));
        Assert.Equal(isTold ? 1 : 0, told);
    }

    [Fact]
    public async Task Nothing_is_read_of_those_that_were_killed_long_ago()
    {
        await using var server = new FakeApiServer((_, reply) => reply.SendAsync(FakeCluster.List([])));
        using var client = server.Client();
        await new DetailReader(client).ReadAsync([Pod(4, "2026-11-26T09:00:00Z"), Pod(1, "2026-11-26T09:58:00Z")], Now, lacksPods: false, TestContext.Current.CancellationToken);
        Assert.Empty(server.Requests);
    }

    private static string Warning(string pod, string time, string reason, string message) =>
        $$$"""{"metadata":{"name":"{{{pod}}}.{{{time}}}","namespace":"media"},"involvedObject":{"kind":"Pod","namespace":"media","name":"{{{pod}}}"},"lastTimestamp":"{{{time}}}","type":"Warning","reason":"{{{reason}}}","message":"{{{message}}}"}""";

    // In pages as they are asked for.
    private static Task PageAsync(FakeRequest request, FakeReply reply, List<string> all)
    {
        var (from, count) = (int.TryParse(request.Query("continue"), CultureInfo.InvariantCulture, out var start) ? start : 0, int.TryParse(request.Query("limit"), CultureInfo.InvariantCulture, out var limit) ? limit : all.Count);
        return reply.SendAsync(FakeCluster.List(all.Skip(from).Take(count), from + count < all.Count ? $"{from + count}" : ""));
    }

    // Whoever has read enough may be gone before the end.
    private static async Task SendAsync(FakeReply reply, byte[] log)
    {
        try
        {
            await reply.BeginAsync();
            await reply.ChunkAsync(log);
            await reply.EndAsync();
        }
        catch (IOException)
        {
        }
    }

    private static byte[] Noise()
    {
        var noise = new byte[1 << 20];
        new Random(7).NextBytes(noise);
        return noise;
    }

    private static PodFacts Pod(int restarts, string end, string name = "app-1") => new(
        Made.Of(DiagnosisWireContext.Default.DiagnosedPodWire, $$$"""
            {"metadata":{"name":"{{{name}}}","namespace":"media"},"spec":{"nodeName":"w1","containers":[{"name":"app"}]},
             "status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}],"containerStatuses":[{"name":"app","ready":true,"restartCount":{{{restarts}}},"state":{"running":{} },"lastState":{"terminated":{"exitCode":137,"reason":"Error","finishedAt":"{{{end}}}"} } }]} }
            """),
        new(Made.Cluster, "Pod", "media", name),
        new(Made.Cluster, "Deployment", "media", $"of-{name}"));
}
