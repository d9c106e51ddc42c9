using System.Net;
using System.Text.Json.Nodes;
using HomelabOps.Core.Scheduling;
using HomelabOps.Core.Scheduling.Webhooks;
using HomelabOps.Testing;

namespace HomelabOps.Core.Tests.Scheduling;

/// <summary>What is told of findings, when, to whom; and that the address of a webhook is nowhere.</summary>
public sealed class CheckRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;
    private readonly Receiver _receiver = new();

    public void Dispose()
    {
        _receiver.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Only_a_change_is_told_and_texts_do_not_count()
    {
        Assert.Equal((true, false), await Run());
        Assert.Equal((false, true), await Run(Finding("sonarr", "restarted 4 times")));
        Assert.Equal((false, false), await Run(Finding("sonarr", "restarted 5 times")));
        Assert.Equal((false, true), await Run(Finding("sonarr", "restarted 6 times"), Finding("radarr", "x")));
        Assert.Equal((false, true), await Run(Finding("radarr", "x")));
        Assert.Equal((true, true), await Run(Finding("info", "x") with { Severity = FindingSeverity.Info }));
        Assert.Equal((true, false), await Run());
        Assert.Equal(4, _receiver.Bodies.Count);
        Assert.Contains("1 finding, 1 new", _receiver.Bodies[0], StringComparison.Ordinal);
        Assert.Contains("all is well, 1 gone", _receiver.Bodies[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_that_is_down_is_said_and_told_by_the_next_run()
    {
        var dead = new Uri("http://127.0.0.1:1/topic-that-is-secret");
        var (result, failure) = await CheckRun.EndAsync(File(), Plan(), Reading(Finding("sonarr", "x")), dead, null, CancellationToken.None);
        Assert.Equal((true, false), (result.Changed, result.Notified));
        Assert.NotNull(failure);
        Assert.DoesNotContain("secret", failure, StringComparison.Ordinal);
        Assert.Equal((false, true), await Run(Finding("sonarr", "x")));

        _receiver.Status = 500;
        (result, failure) = await CheckRun.EndAsync(File(), Plan(), Reading(), _receiver.Address, null, CancellationToken.None);
        Assert.Equal((true, false, "127.0.0.1 answered 500"), (result.Healthy, result.Notified, failure));
        _receiver.Status = 302;
        (_, failure) = await CheckRun.EndAsync(File(), Plan(), Reading(), _receiver.Address, null, CancellationToken.None);
        Assert.Equal("127.0.0.1 answered 302", failure);
        (_, failure) = await CheckRun.EndAsync(File(), Plan(), Reading(), null, "The file is not there.", CancellationToken.None);
        Assert.Equal("The file is not there.", failure);
        _receiver.Status = 200;
        Assert.Equal((true, true), await Run());
    }

    [Fact]
    public async Task What_cannot_be_looked_at_is_neither_gone_nor_new_when_it_can_again()
    {
        var twelve = Enumerable.Range(0, 12).Select(number => Finding($"app-{number}", "restarted")).ToArray();
        Assert.Equal((false, true), await Run(twelve));

        // The server is away: of a list that it did not give nothing is known.
        var down = ReadingWithout(["pods", "nodes"]);
        down.Fail("ApiNotAnswering", "It does not answer.");
        var result = await Run(down);
        Assert.Equal("1 finding, 1 new, 12 unknown, not all could be read", result.Message);
        Assert.Equal((false, false, 0, 12), (result.Healthy, result.Complete, result.Gone.Count, result.Unknown.Count));
        Assert.Equal("12 findings, 1 gone", (await Run(Reading(twelve))).Message);

        // Nothing at all is known of a kubeconfig that cannot be read, or of a cluster that throws the key back.
        var lost = new CheckReading();
        lost.Fail("KubeConfigUnreadable", "It cannot be read.");
        Assert.Equal("1 finding, 1 new, 12 unknown, not all could be read", (await Run(lost)).Message);
        lost = ReadingWithout(null);
        lost.Fail("AuthenticationFailed", "It is not valid any more.");
        Assert.Equal("1 finding, 1 new, 13 unknown, not all could be read", (await Run(lost)).Message);
        Assert.Equal("12 findings, 2 gone", (await Run(Reading(twelve))).Message);
        Assert.Equal("all is well, 12 gone", (await Run(Reading())).Message);
    }

    [Fact]
    public async Task A_right_that_is_taken_away_is_told_once_and_one_that_was_never_there_hides_nothing()
    {
        Assert.Equal("1 finding, 1 new, not all could be read", (await Run(ReadingWithout(["secrets"], Finding("sonarr", "x")))).Message);
        var result = await Run(ReadingWithout(["secrets", "pods"]));
        Assert.Equal("1 finding, 1 new, 1 unknown, not all could be read", result.Message);
        Assert.Equal(("CheckIncomplete", FindingSeverity.Warning, false), (result.New[0].Reason, result.New[0].Severity, result.Healthy));
        Assert.EndsWith(": pods secrets", result.New[0].Message, StringComparison.Ordinal);
        Assert.False((await Run(ReadingWithout(["secrets", "pods"]))).Changed);
        Assert.Equal("1 finding, 1 gone, not all could be read", (await Run(ReadingWithout(["secrets"], Finding("sonarr", "x")))).Message);

        // It was found without the Secrets, so it is gone without them.
        result = await Run(ReadingWithout(["secrets"]));
        Assert.Equal(("nothing found, 1 gone, not all could be read", true, false), (result.Message, result.Healthy, result.Complete));
    }

    [Fact]
    public async Task What_was_found_last_with_less_is_gone_with_less()
    {
        await Run(Finding("sonarr", "x"));
        Assert.False((await Run(ReadingWithout(["secrets"], Finding("sonarr", "x")))).Changed);
        Assert.Equal("nothing found, 1 gone, not all could be read", (await Run(ReadingWithout(["secrets"]))).Message);
    }

    [Fact]
    public async Task Of_two_clusters_one_that_is_away_does_not_hide_what_is_gone_from_the_other()
    {
        var remote = Finding("radarr", "x") with { Cluster = "remote", Target = new("remote", "Deployment", "media", "radarr") };
        var both = Reading(Finding("sonarr", "x"), remote);
        both.Saw("remote", []);
        await Run(both);
        var away = Reading();
        away.Saw("remote", null);
        away.Fail("CheckIncomplete", "Not all could be tested.");
        var result = await Run(away);
        Assert.Equal("1 finding, 1 new, 1 gone, 1 unknown, not all could be read", result.Message);
        Assert.Contains("sonarr", Assert.Single(result.Gone), StringComparison.Ordinal);

        // Somebody tries the check elsewhere: what it is about otherwise stays as it was.
        var elsewhere = new CheckReading();
        elsewhere.Saw("third", []);
        Assert.Equal("all is well, 1 gone", (await Run(elsewhere)).Message);
        both = Reading(remote);
        both.Saw("remote", []);
        Assert.False((await Run(both)).Changed);
    }

    [Fact]
    public async Task Findings_that_differ_only_in_their_texts_are_told_apart()
    {
        var (first, second) = (Finding("k3s-w1", "/mnt/a is not mounted"), Finding("k3s-w1", "/mnt/b is not mounted"));
        Assert.Equal("1 finding, 1 new", (await Run(Reading(second))).Message);
        var result = await Run(Reading(first, second));
        Assert.Equal("2 findings, 1 new", result.Message);
        Assert.Contains("/mnt/a", result.New[0].Message, StringComparison.Ordinal);
        Assert.False((await Run(Reading(second, first))).Changed);
        result = await Run(Reading(first));
        Assert.Contains("/mnt/b", Assert.Single(result.Gone), StringComparison.Ordinal);

        // Numbers count for nothing, and what is said twice is one.
        await Run(Reading(Finding("sonarr", "container app restarted 4 times"), Finding("sonarr", "container helper restarted 9 times")));
        Assert.False((await Run(Reading(Finding("sonarr", "container helper restarted 1 times"), Finding("sonarr", "container app restarted 5 times"), Finding("sonarr", "container app restarted 5 times")))).Changed);
        Assert.Contains("app", Assert.Single((await Run(Reading(Finding("sonarr", "container helper restarted 2 times")))).Gone), StringComparison.Ordinal);

        // Other words are no other finding, where there is only one.
        Assert.False((await Run(Reading(Finding("sonarr", "it has been so for an hour")))).Changed);
    }

    [Fact]
    public async Task Only_the_owner_may_read_what_was_told()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Rights are those of the folder there.");
            return;
        }

        await Run(Finding("sonarr", "x"));
        new CheckStore(_folder).Save(Plan());
        Assert.All(new DirectoryInfo(_folder).GetFiles(), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode));
    }

    [Fact]
    public async Task Without_a_webhook_changes_count_from_run_to_run()
    {
        var (first, _) = await CheckRun.EndAsync(File(), Plan(), Reading(Finding("sonarr", "x")), null, null, CancellationToken.None);
        var (second, _) = await CheckRun.EndAsync(File(), Plan(), Reading(Finding("sonarr", "x")), null, null, CancellationToken.None);
        Assert.Equal((true, false, false), (first.Changed, first.Notified, second.Changed));
        Assert.Empty(_receiver.Bodies);
    }

    [Theory]
    [InlineData("{ broken")]
    [InlineData("{\"findings\": {\"key\": null}}")]
    [InlineData("{\"findings\": {\"key\": \"as older versions wrote it\"}}")]
    public async Task A_state_that_is_broken_is_as_none(string text)
    {
        await System.IO.File.WriteAllTextAsync(Path.ChangeExtension(File(), ".state"), text);
        Assert.Equal((false, true), await Run(Finding("sonarr", "x")));
        Assert.Equal((false, false), await Run(Finding("sonarr", "x")));
    }

    [Fact]
    public async Task Two_runs_do_not_overlap()
    {
        using (var held = await CheckStore.HoldAsync(File(), CancellationToken.None))
        {
            Assert.NotNull(held);
            Assert.Null(await CheckStore.HoldAsync(File(), CancellationToken.None));
        }

        using var again = await CheckStore.HoldAsync(File(), CancellationToken.None);
        Assert.NotNull(again);
    }

    [Theory]
    [InlineData("https://discord.com/api/webhooks/1/secret", "Discord")]
    [InlineData("https://hooks.slack.com/services/secret", "Slack")]
    [InlineData("https://ntfy.sh/secret", "Ntfy")]
    [InlineData("http://ntfy.home.example/secret", "Ntfy")]
    [InlineData("https://discord.com.evil.example/", "Json")]
    [InlineData("https://hooks.example/", "Json")]
    public void Formats_are_known_by_addresses(string address, string format) => Assert.Equal(format, Webhook.FormatOf(new(address)).ToString());

    [Fact]
    public async Task Each_format_is_what_its_service_takes()
    {
        var message = new WebhookMessage("lab: 1 finding\r\nInjected: yes é", ["Error: <!everyone> & @everyone"], FindingSeverity.Error);
        var address = new Uri("https://me:p%40ss@hooks.example/x");

        using var ntfy = Webhook.Create(address, WebhookFormat.Ntfy, message);
        Assert.Equal("lab: 1 finding??Injected: yes ?", ntfy.Headers.GetValues("Title").Single());
        Assert.Equal("high", ntfy.Headers.GetValues("Priority").Single());
        Assert.Equal("Error: <!everyone> & @everyone", await ntfy.Content!.ReadAsStringAsync());
        Assert.Equal(Convert.ToBase64String("me:p@ss"u8), ntfy.Headers.Authorization!.Parameter);

        using var discord = Webhook.Create(address, WebhookFormat.Discord, message with { Lines = [new string('x', 5000)] });
        var body = JsonNode.Parse(await discord.Content!.ReadAsStringAsync())!;
        Assert.InRange(((string)body["content"]!).Length, 1000, 2000);
        Assert.Empty(body["allowed_mentions"]!["parse"]!.AsArray());

        using var slack = Webhook.Create(address, WebhookFormat.Slack, message);
        Assert.Contains("&lt;!everyone&gt; &amp;", (string?)JsonNode.Parse(await slack.Content!.ReadAsStringAsync())!["text"], StringComparison.Ordinal);

        using var json = Webhook.Create(address, WebhookFormat.Json, message);
        body = JsonNode.Parse(await json.Content!.ReadAsStringAsync())!;
        Assert.Equal(("Error", false, 1), ((string?)body["severity"], (bool)body["healthy"]!, body["changes"]!.AsArray().Count));
    }

    [Fact]
    public async Task Many_changes_are_cut_between_lines_and_none_is_lost_to_a_program()
    {
        var message = new WebhookMessage("lab", [.. Enumerable.Range(0, 46).Select(number => $"Error: Deployment/media/app-{number} {new string('x', 150)} [CrashLoop]")], FindingSeverity.Error);
        using var discord = Webhook.Create(new("https://discord.com/x"), WebhookFormat.Discord, message);
        var lines = ((string)JsonNode.Parse(await discord.Content!.ReadAsStringAsync())!["content"]!).Split('\n');
        Assert.Equal($"and {46 - (lines.Length - 2)} more", lines[^1]);
        Assert.All(lines[1..^1], line => Assert.EndsWith("[CrashLoop]", line, StringComparison.Ordinal));
        using var json = Webhook.Create(new("https://hooks.example/x"), WebhookFormat.Json, message);
        var changes = JsonNode.Parse(await json.Content!.ReadAsStringAsync())!["changes"]!.AsArray();
        Assert.Equal(46, changes.Count);
        Assert.StartsWith("Error: Deployment/media/app-45 ", (string)changes[45]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_told_once()
    {
        await Run(Finding("sonarr", "Deployment/media/sonarr needs a Secret"), Finding("radarr", "restarted"));
        Assert.Contains("Error: Deployment/media/sonarr needs a Secret [CrashLoop]", _receiver.Bodies[0], StringComparison.Ordinal);
        Assert.Contains("Error: Deployment/media/radarr: restarted [CrashLoop]", _receiver.Bodies[0], StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_comes_from_a_credential_a_variable_or_a_file_of_the_owner()
    {
        var file = Path.Combine(_folder, "hook");
        System.IO.File.WriteAllText(file, "# my topic\n\nHOMELABOPS_WEBHOOK=\"https://ntfy.sh/of-file\"\n");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal("WebhookUnreadable", Assert.Throws<HomelabException>(() => WebhookAddress.Find(file, _ => null)).Id);
            System.IO.File.SetUnixFileMode(file, UnixFileMode.UserRead);
        }

        Assert.Equal("https://ntfy.sh/of-file", WebhookAddress.Find(file, _ => null)!.ToString());
        Assert.Equal("https://ntfy.sh/of-variable", WebhookAddress.Find(file, name => name == "HOMELABOPS_WEBHOOK" ? "https://ntfy.sh/of-variable" : null)!.ToString());
        System.IO.File.WriteAllText(Path.Combine(_folder, "homelabops-webhook"), "https://ntfy.sh/of-credential");
        Assert.Equal("https://ntfy.sh/of-credential", WebhookAddress.Find(file, name => name == "CREDENTIALS_DIRECTORY" ? _folder : "https://ntfy.sh/other")!.ToString());
        Assert.Null(WebhookAddress.Find(null, _ => null));

        var error = Assert.Throws<HomelabException>(() => WebhookAddress.Find(null, name => name == "HOMELABOPS_WEBHOOK" ? "password123" : null));
        Assert.Equal("WebhookUnreadable", error.Id);
        Assert.DoesNotContain("password123", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("WebhookUnreadable", Assert.Throws<HomelabException>(() => WebhookAddress.Find(Path.Combine(_folder, "none"), _ => null)).Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../x")]
    [InlineData("A")]
    [InlineData("-a")]
    [InlineData("a b")]
    [InlineData("a\n")]
    public void Names_that_are_none_are_refused(string name) => Assert.Equal("CheckInvalid", Assert.Throws<HomelabException>(() => new CheckStore(_folder).PathOf(name)).Id);

    [Fact]
    public void A_check_is_read_as_it_was_written_and_a_broken_one_says_so()
    {
        var store = new CheckStore(_folder);
        store.Save(new() { Name = "lab", Schedule = "15m", Areas = [HomelabArea.Flux], Format = WebhookFormat.Ntfy });
        var read = CheckStore.Read(store.PathOf("lab"));
        Assert.Equal(("15m", HomelabArea.Flux, WebhookFormat.Ntfy), (read.Schedule, read.Areas![0], read.Format));
        Assert.Equal(["lab"], store.Names());
        System.IO.File.WriteAllText(store.PathOf("lab"), "{");
        Assert.Equal("CheckUnreadable", Assert.Throws<HomelabException>(() => CheckStore.Read(store.PathOf("lab"))).Id);
        System.IO.File.WriteAllText(store.PathOf("lab"), "{\"version\": 99}");
        Assert.Equal("CheckUnreadable", Assert.Throws<HomelabException>(() => CheckStore.Read(store.PathOf("lab"))).Id);
        store.Remove("lab");
        Assert.Equal("CheckNotFound", Assert.Throws<HomelabException>(() => CheckStore.Read(store.PathOf("lab"))).Id);
        System.IO.File.WriteAllText(Path.Combine(_folder, "file"), "");
        Assert.Equal("CheckUnwritable", Assert.Throws<HomelabException>(() => new CheckStore(Path.Combine(_folder, "file")).Save(new() { Name = "lab" })).Id);
    }

    private string File() => Path.Combine(_folder, "lab.json");

    private static CheckPlan Plan() => new() { Name = "lab", Format = WebhookFormat.Json };

    private async Task<(bool Healthy, bool Notified)> Run(params HomelabFinding[] findings)
    {
        var result = await Run(Reading(findings));
        return (result.Healthy, result.Notified);
    }

    private async Task<HomelabCheckResult> Run(CheckReading reading)
    {
        var (result, failure) = await CheckRun.EndAsync(File(), Plan(), reading, _receiver.Address, null, CancellationToken.None);
        Assert.Null(failure);
        Assert.Equal(result.Changed, result.Notified);
        return result;
    }

    private static CheckReading Reading(params HomelabFinding[] findings) => ReadingWithout([], findings);

    private static CheckReading ReadingWithout(IReadOnlyList<string>? unread, params HomelabFinding[] findings)
    {
        var reading = new CheckReading();
        reading.Saw("homelab", unread);
        reading.Findings.AddRange(findings);
        return reading;
    }

    private static HomelabFinding Finding(string name, string message) => new()
    {
        Cluster = "homelab", Area = HomelabArea.Pod, Severity = FindingSeverity.Error, Reason = "CrashLoop", Message = message, Target = new("homelab", "Deployment", "media", name),
    };

    /// <summary>Takes what a webhook is told.</summary>
    private sealed class Receiver : IDisposable
    {
        private readonly HttpListener _listener;

        public Receiver()
        {
            (_listener, var address) = Loopback.Listen();
            Address = new(address, "hook");
            _ = ServeAsync();
        }

        public Uri Address { get; }

        public List<string> Bodies { get; } = [];

        public int Status { get; set; } = 200;

        public void Dispose() => _listener.Close();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    using var reader = new StreamReader(context.Request.InputStream);
                    var body = await reader.ReadToEndAsync();
                    if (Status == 200)
                    {
                        Bodies.Add(body);
                    }

                    context.Response.StatusCode = Status;
                    context.Response.RedirectLocation = Status == 302 ? "http://127.0.0.1:1/" : null;
                    context.Response.Close();
                }
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                // It was closed.
            }
        }
    }
}
