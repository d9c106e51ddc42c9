using System.Globalization;
using System.Text.Json;
using HomelabOps.Core.Kubernetes.Discovery;
using HomelabOps.Core.Tests.Fakes;

namespace HomelabOps.Core.Tests.Discovery;

public sealed class DiscoveryTests
{
    private const string Notification = "notification.toolkit.fluxcd.io";

    public static TheoryData<string> Forms { get; } = ["v2", "v2beta1", "legacy"];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Each_kind_is_taken_from_the_preferred_version_or_from_the_next_that_serves_it(string form)
    {
        await using var play = new DiscoveryPlay(form);
        using var discovery = play.Fresh();

        var types = await discovery.ResourcesAsync([Notification, "source.toolkit.fluxcd.io"], default);
        Assert.Equal(
            ["Alert v1beta3 alerts True", "Provider v1beta3 providers True", "Receiver v1 receivers True"],
            types.OrderBy(type => type.Kind).Select(type => $"{type.Kind} {type.Version} {type.Plural} {type.Namespaced}"));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_type_is_found_by_all_its_names(string form)
    {
        await using var play = new DiscoveryPlay(form);
        using var discovery = play.Fresh();

        foreach (var name in new[] { "Alert", "alert", "ALERTS", "al", $"alerts.{Notification}", $"Alert.{Notification}" })
        {
            Assert.Equal(Notification, (await discovery.FindAsync(name, default))?.Group);
        }

        Assert.False((await discovery.FindAsync("nodes", default))!.Namespaced);
        Assert.Null(await discovery.FindAsync("podreviews", default));
        Assert.Null(await discovery.FindAsync("pods/status", default));
        Assert.Null(await discovery.FindAsync("", default));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task The_core_group_wins_where_two_groups_serve_the_same_name(string form)
    {
        await using var play = new DiscoveryPlay(form);
        play.Groups["metrics.k8s.io"] = [("v1beta1", ["Pod"])];
        using var discovery = play.Fresh();

        Assert.Equal("", (await discovery.FindAsync("pods", default))?.Group);
        Assert.Equal("metrics.k8s.io", (await discovery.FindAsync("pods.metrics.k8s.io", default))?.Group);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task The_next_process_reads_the_cache_and_asks_nothing(string form)
    {
        await using var play = new DiscoveryPlay(form);
        using var first = play.Fresh();
        var expected = await first.AllAsync(default);
        var before = play.RequestCount;

        using var second = play.Fresh();
        Assert.Equal(expected.Select(type => type.Type), (await second.AllAsync(default)).Select(type => type.Type));
        Assert.Equal(before, play.RequestCount);
        Assert.Single(Directory.GetFiles(play.Folder));
    }

    [Theory]
    [InlineData(-9.5, true)]
    [InlineData(-10.5, false)]
    [InlineData(+5, false)]
    public async Task A_cache_counts_for_ten_minutes_and_never_when_it_is_from_the_future(double minutes, bool isUsed)
    {
        await using var play = new DiscoveryPlay("v2");
        using var first = play.Fresh();
        await first.AllAsync(default);
        ChangeTime(play, TimeSpan.FromMinutes(minutes));
        var before = play.RequestCount;

        using var second = play.Fresh();
        await second.AllAsync(default);
        Assert.Equal(isUsed ? before : before + 2, play.RequestCount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"time":"@now"}""")]
    [InlineData("""{"time":"@now","groups":null,"resources":null}""")]
    [InlineData("""{"time":"@now","groups":{"":["v1"]},"resources":{"":null}}""")]
    [InlineData("""{"time":"@now","groups":{"":null},"resources":{}}""")]
    [InlineData("""{"time":"@now","groups":{"":["v1"]},"resources":{"":[null]}}""")]
    [InlineData("""{"time":"@now","groups":{"":["v1"]},"resources":{"":[{"group":null,"kind":null,"shortNames":null}]}}""")]
    public async Task A_corrupt_cache_is_no_cache(string content)
    {
        await using var play = new DiscoveryPlay("v2");
        using var first = play.Fresh();
        await first.AllAsync(default);
        await File.WriteAllTextAsync(Directory.GetFiles(play.Folder).Single(), content.Replace("@now", DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture), StringComparison.Ordinal));

        using var second = play.Fresh();
        Assert.Equal(5, (await second.AllAsync(default)).Count);
        Assert.NotNull(await second.FindAsync("pods", default));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_no_obstacle()
    {
        await using var play = new DiscoveryPlay("v2");
        var file = Path.GetTempFileName();
        try
        {
            // A file where the folder should be: not even the superuser can write below it.
            play.Folder = Path.Combine(file, "discovery");
            using var discovery = play.Fresh();
            Assert.NotNull(await discovery.FindAsync("Alert", default));
            Assert.True(await discovery.ForgetAsync(default));
            Assert.NotNull(await discovery.FindAsync("Alert", default));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_kind_that_is_not_in_the_cache_is_looked_up_again(string form)
    {
        await using var play = new DiscoveryPlay(form);
        using var discovery = play.Fresh();
        await discovery.AllAsync(default);
        play.Groups["volsync.backube"] = [("v1alpha1", ["ReplicationSource"])];

        Assert.Equal("volsync.backube", (await discovery.FindAsync("ReplicationSource", default))?.Group);
        using var later = play.Fresh();
        Assert.NotEmpty(await later.ResourcesAsync(["volsync.backube"], default));
    }

    [Fact]
    public async Task A_kind_that_was_just_not_found_is_not_looked_up_again()
    {
        await using var play = new DiscoveryPlay("v2");
        using var discovery = play.Fresh(TimeSpan.FromMinutes(1));
        Assert.Null(await discovery.FindAsync("ReplicationSource", default));
        Assert.Null(await discovery.FindAsync("ReplicationSource", default));
        Assert.Equal(2, play.RequestCount);

        // Older than that, it is.
        ChangeTime(play, TimeSpan.FromMinutes(-2));
        using var later = play.Fresh(TimeSpan.FromMinutes(1));
        play.Groups["volsync.backube"] = [("v1alpha1", ["ReplicationSource"])];
        Assert.NotNull(await later.FindAsync("ReplicationSource", default));
        Assert.Equal(4, play.RequestCount);
    }

    [Fact]
    public async Task Forgetting_while_others_read_disturbs_nobody()
    {
        await using var play = new DiscoveryPlay("legacy");
        using var discovery = play.Fresh();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(number => Task.Run(async () =>
        {
            if (number % 4 == 0)
            {
                await discovery.ForgetAsync(default);
            }

            Assert.Equal(5, (await discovery.AllAsync(default)).Count);
        })));
    }

    [Fact]
    public async Task What_a_long_session_remembers_expires_like_the_cache()
    {
        await using var play = new DiscoveryPlay("v2");
        using var first = play.Fresh();
        await first.AllAsync(default);
        ChangeTime(play, TimeSpan.FromMinutes(-9.999));
        using var session = play.Fresh();
        await session.AllAsync(default);
        var before = play.RequestCount;

        await Task.Delay(200);
        await session.AllAsync(default);
        Assert.Equal(before + 2, play.RequestCount);
    }

    [Fact]
    public async Task A_broken_extension_server_does_not_hide_the_other_types()
    {
        await using var play = new DiscoveryPlay("legacy");
        play.Groups["metrics.k8s.io"] = [("v1beta1", ["PodMetrics"])];
        play.Broken.Add("metrics.k8s.io/v1beta1");
        using var discovery = play.Fresh();

        Assert.NotNull(await discovery.FindAsync("Alert", default));
        Assert.Null(await discovery.FindAsync("PodMetrics", default));
        Assert.Equal("ClusterError", (await Assert.ThrowsAsync<HomelabException>(() => discovery.ResourcesAsync(["metrics.k8s.io"], default))).Id);

        play.Broken.Clear();
        Assert.NotEmpty(await discovery.ResourcesAsync(["metrics.k8s.io"], default));
    }

    // A proxy for another cluster, or the next embedded homelab, may listen where the last one did.
    [Theory]
    [InlineData("http://127.0.0.1:8001/", false)]
    [InlineData("http://localhost:33333/secret", false)]
    [InlineData("https://127.0.0.1:6443/", true)]
    [InlineData("http://192.168.1.2:8080/", true)]
    public void Servers_of_this_machine_without_TLS_are_not_remembered(string server, bool isRemembered) =>
        Assert.Equal(isRemembered, DiscoveryCache.For(FakeCluster.Endpoint(new Uri(server))) is not null);

    [Fact]
    public async Task Parallel_questions_ask_the_server_once()
    {
        await using var play = new DiscoveryPlay("v2");
        using var discovery = play.Fresh();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => discovery.AllAsync(default)));
        Assert.Equal(2, play.RequestCount);
    }

    private static void ChangeTime(DiscoveryPlay play, TimeSpan shift)
    {
        var file = Directory.GetFiles(play.Folder).Single();
        var snapshot = JsonSerializer.Deserialize(File.ReadAllBytes(file), DiscoveryContext.Default.DiscoverySnapshot)!;
        snapshot.Time = DateTimeOffset.UtcNow + shift;
        File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(snapshot, DiscoveryContext.Default.DiscoverySnapshot));
    }
}
