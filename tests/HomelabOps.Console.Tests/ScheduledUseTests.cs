using System.Net;
using System.Text.RegularExpressions;
using HomelabOps.Testing;

namespace HomelabOps.Console.Tests;

/// <summary>What schedules run: the registered check as systemd would, the examples of docs/SCHEDULED.md, and that nothing waits for an answer.</summary>
public sealed partial class ScheduledUseTests : IDisposable
{
    private const string Down = "apiVersion: v1\nkind: Config\ncurrent-context: down\ncontexts: [{name: down, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}]\nusers: [{name: u, user: {}}]\n";

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string?> _environment;
    private readonly string _config;

    public ScheduledUseTests()
    {
        _config = Path.Combine(_folder.Path, "config");
        File.WriteAllText(_config, Down);
        _environment = new() { ["HOMELABOPS_STATE"] = Path.Combine(_folder.Path, "state"), ["XDG_CONFIG_HOME"] = Path.Combine(_folder.Path, "units"), ["HOMELABOPS_WEBHOOK"] = null };
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_registered_check_runs_as_its_unit_says_tells_changes_once_and_ends_well_without_its_webhook()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && !Directory.Exists("/run/systemd/system"), "It would be started for real.");
        var (receiver, address) = Loopback.Listen();
        using var _ = receiver;
        var bodies = new List<string>();
        var hook = Path.Combine(_folder.Path, "hook");
        File.WriteAllText(hook, $"{address}topic-that-is-secret\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(hook, UnixFileMode.UserRead);
        }

        var registered = Run($"Register-HomelabCheck lab 10m -KubeConfig '{_config}' -WebhookFile '{hook}' -Scheduler Systemd");
        Assert.Equal(0, registered.ExitCode);
        Assert.Contains("systemctl --user enable --now homelabops-check-lab.timer", Regex.Replace(registered.Output + registered.Error, @"\s+", " ", RegexOptions.None, TimeSpan.FromSeconds(1)), StringComparison.Ordinal);
        Assert.Equal("CheckExists", Run($"try {{ Register-HomelabCheck lab -KubeConfig '{_config}' }} catch {{ $_.FullyQualifiedErrorId.Split(',')[0] }}").Output.Trim());
        var service = File.ReadAllText(Path.Combine(_folder.Path, "units", "systemd", "user", "homelabops-check-lab.service"));
        string[] command = [.. Arguments.Matches(service.Split('\n').Single(line => line.StartsWith("ExecStart=", StringComparison.Ordinal))).Select(match => match.Groups["text"].Value)];

        // Whoever runs it has another environment.
        var other = new Dictionary<string, string?>(StringComparer.Ordinal) { ["HOMELABOPS_STATE"] = null, ["XDG_CONFIG_HOME"] = null, ["KUBECONFIG"] = null };
        var all = registered.Output + registered.Error;
        Collect(receiver, bodies);
        for (var i = 0; i < 2; i++)
        {
            using var run = ConsoleProcess.Start(other, command[0], command[1..]);
            run.CloseInput();
            var result = run.Wait();
            Assert.True(result.ExitCode == 0, result.Error);
            all += result.Output + result.Error;
        }

        Assert.Contains("1 new", Assert.Single(bodies), StringComparison.Ordinal);
        receiver.Close();
        File.Delete(Path.Combine(_folder.Path, "state", "checks", "lab.state"));
        using var alone = ConsoleProcess.Start(other, command[0], command[1..]);
        alone.CloseInput();
        var without = alone.Wait();
        Assert.Equal(0, without.ExitCode);
        Assert.Contains("could not be told", without.Error + without.Output, StringComparison.Ordinal);

        all += without.Output + without.Error;
        Assert.DoesNotContain("secret", all, StringComparison.Ordinal);
        Assert.All(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Where(file => file != hook), file => Assert.DoesNotContain("secret", File.ReadAllText(file), StringComparison.Ordinal));

        Assert.Equal(0, Run("Unregister-HomelabCheck lab").ExitCode);
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder.Path, "units"), "*", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder.Path, "state", "checks")));
        Assert.Equal(1, Run("Unregister-HomelabCheck lab").ExitCode);
    }

    [Fact]
    public void A_check_is_bound_to_its_cluster_and_its_settings()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "clone")).FullName;
        File.WriteAllText(Path.Combine(folder, "homelab.yaml"), "repository: .\nprimaryNode: here\n");
        _environment["HOMELABOPS_CONFIG"] = folder;
        var plan = Path.Combine(_folder.Path, "state", "checks", "lab.json");
        Assert.SkipUnless(OperatingSystem.IsLinux() && !Directory.Exists("/run/systemd/system"), "It would be started for real.");

        var wrong = Run($"try {{ Register-HomelabCheck lab -KubeConfig '{_config}' -Context hoem -Scheduler Systemd }} catch {{ $_.FullyQualifiedErrorId.Split(',')[0] }}");
        Assert.Equal("ContextNotFound\n", wrong.Output);
        Assert.False(File.Exists(plan));

        Assert.Equal(0, Run($"Register-HomelabCheck lab -KubeConfig '{_config}' -Scheduler Systemd").ExitCode);
        var written = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(plan))!;
        Assert.Equal("down", (string?)Assert.Single(written["contexts"]!.AsArray()));
        Assert.Equal((Path.Combine(folder, "homelab.yaml"), folder), ((string?)written["configPath"], (string?)written["repository"]));

        // A damaged file is no dead end.
        File.WriteAllText(plan, "{ broken");
        Assert.Equal("CheckUnreadable\n", Run("try { Invoke-HomelabCheck lab } catch { $_.FullyQualifiedErrorId.Split(',')[0] }").Output);
        Assert.Equal(0, Run($"Register-HomelabCheck lab 6h -KubeConfig '{_config}' -Scheduler Systemd -Force").ExitCode);
        File.WriteAllText(plan, "{ broken");
        Assert.Contains("homelabops-check-lab.timer", Run("(Unregister-HomelabCheck lab).Target").Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder.Path, "units"), "*", SearchOption.AllDirectories));
        Assert.False(File.Exists(plan));
    }

    [Fact]
    public void The_embedded_homelab_and_programs_that_are_not_there_are_refused()
    {
        var result = Run("-Sandbox", "try { Register-HomelabCheck lab } catch { $_.FullyQualifiedErrorId }");
        Assert.StartsWith("CheckOfSandbox", result.Output, StringComparison.Ordinal);

        // Without anything on the PATH there is no scheduler, and nothing to run it with.
        _environment["PATH"] = _folder.Path;
        Assert.SkipWhen(Directory.Exists("/run/systemd/system") || !OperatingSystem.IsLinux(), "This machine has systemd.");
        Assert.StartsWith("SchedulerNotFound", Run($"try {{ Register-HomelabCheck lab -KubeConfig '{_config}' }} catch {{ $_.FullyQualifiedErrorId }}").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Register-HomelabCheck lab -Scheduler Systemd -KubeConfig $config -Confirm")]
    [InlineData("Export-HomelabReport ./never.html -KubeConfig $config -Confirm")]
    public void A_question_is_an_error_and_nothing_has_changed(string script)
    {
        var text = $"$config = '{_config}'; {script}";
        foreach (var arguments in new string[][] { ["-NonInteractive", "-Command", text], ["-Command", text] })
        {
            var result = ConsoleProcess.RunWith(string.Empty, _environment, arguments);
            Assert.True(result.ExitCode == 1, result.Output);
            Assert.Matches("NonInteractive mode|ended without an answer", result.Error);
        }

        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "state")));
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "units")));
    }

    // What they ask for by themselves has its own words in each, and the same end.
    [Fact]
    public void What_asks_by_itself_does_not_wait_either()
    {
        const string Script = """
            foreach ($i in 1..300) { if (-not (Get-SyncthingReplication -App sonarr | Where-Object InSync -EQ $false)) { break }; [Threading.Thread]::Sleep(200) }
            $ErrorActionPreference = 'Stop'
            foreach ($asked in
                { Get-HomelabPod -App sonarr | Remove-HomelabPod },
                { Remove-HomelabApp plex },
                { Invoke-HomelabFailover sonarr -Planned },
                { $null = Invoke-HomelabFailover sonarr -Planned -Confirm:$false; Invoke-HomelabFailback sonarr },
                { $null = Suspend-FluxResource Kustomization/apps -Duration 1s; [Threading.Thread]::Sleep(1500); Test-Homelab -Area Flux | Repair-Homelab },
                { Stop-HomelabApp prowlarr -Confirm }) {
                try { $null = & $asked; "nothing was asked by $asked" } catch { if ("$_" -notlike '*NonInteractive mode*') { "$asked ended with $_" } }
            }
            try { Restore-HomelabCluster -Force } catch { $_.FullyQualifiedErrorId.Split(',')[0] }
            "left $((Get-HomelabPod -App sonarr).Count) $((Get-HomelabApp sonarr).Node) $((Get-HomelabApp plex).Name) $((Get-FluxKustomization apps).Suspended) $((Get-HomelabApp prowlarr).Stopped)"
            """;
        var result = Run("-Sandbox", Script);
        Assert.Equal("RecoveryCredentialRequired\nleft 1 k3s-w2 plex True False", result.Output.Trim());
    }

    [Fact]
    public void What_lacks_a_parameter_that_it_must_have_asks_nobody_for_it()
    {
        const string Script = """
            foreach ($command in Get-Command -Module HomelabOps | Where-Object { -not ($_.ParameterSets | Where-Object { -not ($_.Parameters | Where-Object IsMandatory) }) }) {
                try { $null = & $command.Name; "$($command.Name) asked nobody and ended well" } catch { "$($command.Name) $($_.FullyQualifiedErrorId.Split(',')[0])" }
            }
            """;
        var lines = Run(Script).Output.Trim().Split('\n');
        Assert.Contains("New-HomelabApp MissingMandatoryParameter", lines);
        Assert.All(lines, line => Assert.Matches("^[A-Za-z]+-[A-Za-z]+ (MissingMandatoryParameter|AmbiguousParameterSet)$", line));
    }

    [Fact]
    public void The_commands_of_the_page_run_and_end_as_it_says()
    {
        var page = File.ReadAllText(Path.Combine(Root(), "docs", "SCHEDULED.md"));
        var commands = Commands.Matches(page).Select(match => match.Groups["text"].Value.Replace("Import-Module HomelabOps; ", "", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, commands.Count);
        var plan = WritePlan(page);
        foreach (var command in commands)
        {
            var report = Path.Combine(_folder.Path, "homelab.html");
            var script = command.Replace("~/.kube/config", _config, StringComparison.Ordinal).Replace(@"C:\Reports\homelab.html", report, StringComparison.Ordinal).Replace("~/homelab.html", report, StringComparison.Ordinal).Replace("/check/cluster.json", plan, StringComparison.Ordinal);
            _environment["KUBECONFIG"] = _config;
            var result = Run(script);
            Assert.True(result.ExitCode == (command.StartsWith("exit", StringComparison.Ordinal) ? 1 : 0), $"{script}: {result.ExitCode} {result.Error}");
            Assert.Equal(command.StartsWith("Export", StringComparison.Ordinal), File.Exists(report));
            File.Delete(report);
        }
    }

    [Fact]
    public void The_check_of_the_CronJob_tells_the_webhook_of_its_environment_once()
    {
        var page = File.ReadAllText(Path.Combine(Root(), "docs", "SCHEDULED.md"));
        var plan = WritePlan(page);
        var (receiver, address) = Loopback.Listen();
        using var _ = receiver;
        var bodies = new List<string>();
        Collect(receiver, bodies);
        (_environment["HOMELABOPS_WEBHOOK"], _environment["KUBECONFIG"]) = ($"{address}", _config);
        var command = Commands.Matches(page).Select(match => match.Groups["text"].Value).Single(text => text.Contains("Invoke-HomelabCheck", StringComparison.Ordinal));
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(0, Run(command.Replace("Import-Module HomelabOps; ", "", StringComparison.Ordinal).Replace("/check/cluster.json", plan, StringComparison.Ordinal)).ExitCode);
        }

        Assert.Contains("cluster: 1 finding, 1 new", Assert.Single(bodies), StringComparison.Ordinal);
        Assert.Equal(["cluster.json", "cluster.lock", "cluster.state"], Directory.GetFiles(Path.GetDirectoryName(plan)!).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_CronJob_of_the_page_is_what_an_API_server_takes()
    {
        var page = File.ReadAllText(Path.Combine(Root(), "docs", "SCHEDULED.md"));
        Directory.CreateDirectory(Path.Combine(_folder.Path, "apps"));
        File.WriteAllText(Path.Combine(_folder.Path, "apps", "check.yaml"), Manifest.Match(page).Groups["text"].Value);
        File.WriteAllText(
            Path.Combine(_folder.Path, "flux.yaml"),
            "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: flux-system, namespace: flux-system}\nspec: {interval: 1m, url: 'ssh://git@example.org/x.git', ref: {branch: main}}\n---\n"
            + "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps, namespace: flux-system}\nspec: {interval: 1m, path: ./apps, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}\n");
        var result = Run($"Test-FluxManifest -Path '{_folder.Path}' | ForEach-Object {{ \"$_\" }}; 'tested'");
        Assert.Equal("tested\n", result.Output);
    }

    [GeneratedRegex("""
        "(?<text>[^"]*)"
        """, RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Arguments { get; }

    [GeneratedRegex("""(-Command ['"]?|^ +- )(?<text>(Import-Module HomelabOps|Export-HomelabReport|Invoke-HomelabCheck)[^'"\n]*)""", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Commands { get; }

    [GeneratedRegex("```yaml\n(?<text>.*?)```", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Manifest { get; }

    // As the ConfigMap of the page is mounted: nobody may write it, and the folder is the volume's.
    private string WritePlan(string page)
    {
        var lines = Manifest.Match(page).Groups["text"].Value.Split('\n').SkipWhile(line => line != "  cluster.json: |").Skip(1).TakeWhile(line => line.StartsWith("    ", StringComparison.Ordinal));
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder.Path, "check")).FullName, "cluster.json");
        File.WriteAllLines(path, lines);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead);
        }

        return path;
    }

    private static void Collect(HttpListener listener, List<string> bodies) => _ = Task.Run(async () =>
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream);
                bodies.Add(await reader.ReadToEndAsync());
                context.Response.Close();
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
        {
            // It was closed.
        }
    });

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Module.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        return folder;
    }

    private ConsoleProcess.Result Run(string script) => ConsoleProcess.RunWith(string.Empty, _environment, "-NonInteractive", "-Command", script);

    private ConsoleProcess.Result Run(string option, string script) => ConsoleProcess.RunWith(string.Empty, _environment, "-NonInteractive", option, "-Command", script);
}
