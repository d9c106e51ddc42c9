using System.Management.Automation;
using System.Reflection;

namespace HomelabOps.Cluster.Tests;

/// <summary>What cmdlets ask of an API server is what they declare: no more, and of what they declare nothing is for nothing.</summary>
[Collection(nameof(Alone))]
public sealed class RightsTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static readonly string[] Scripts =
    [
        "Compare-PodStorage sonarr",
        "Connect-Homelab -Context one",
        "Export-HomelabReport $folder/report.html",
        "Get-FluxEvent",
        "Get-FluxHelmRelease",
        "Get-FluxKustomization",
        "Get-FluxLog",
        "Get-FluxSource",
        "Get-FluxStatus",
        "Get-FluxTree",
        "Get-HomelabApp",
        "Get-HomelabBackup -Kind Protect",
        "Get-HomelabEvent",
        "Get-HomelabLog -App sonarr",
        "Get-HomelabNode",
        "Get-HomelabObject Deployment/sonarr -IncludeEvent",
        "Get-FluxStatus -Watch KUBECONFIG | ForEach-Object { $watched.Invoke(); break }",
        "Get-HomelabPod -Watch KUBECONFIG | ForEach-Object { break }",
        "Get-HomelabEvent -Watch KUBECONFIG | ForEach-Object { break }",
        "Get-HomelabPod",
        "Get-HomelabUsage -Node * -Pod *",
        "Get-HomelabVolume",
        "Get-PodStorage",
        "Get-SyncthingReplication",
        "Get-VolSyncStatus",
        "Invoke-FluxReconcile Kustomization/apps -WithSource -Confirm:$false",
        "Invoke-HomelabPod sonarr date",
        "New-HomelabConfig -Path $folder/homelab.yaml",
        "Remove-HomelabPod -Name sonarr* -Confirm:$false",
        "Restart-HomelabApp radarr -Confirm:$false",
        "Restart-SyncthingReplication -App sonarr -Confirm:$false",
        "Start-VolSyncReplication -App prowlarr -Confirm:$false -TimeoutSeconds 20",
        "Stop-HomelabApp lidarr -Confirm:$false",
        "Start-HomelabApp lidarr -Confirm:$false",
        "Suspend-FluxResource Kustomization/apps -Confirm:$false",
        "Resume-FluxResource Kustomization/apps -Confirm:$false",
        "Suspend-HomelabNode k3s-w2 -Confirm:$false",
        "Resume-HomelabNode k3s-w2 -Confirm:$false",
        "Suspend-VolSyncReplication sonarr* -Confirm:$false",
        "Resume-VolSyncReplication sonarr* -Confirm:$false",
        "Test-Homelab",
        "Test-HomelabApp sonarr",
        "Test-HomelabFailover sonarr",
        "Test-MetalLBWebhook",
        "Test-NfsMount",
        "Test-PvcBinding",
        "Trace-FluxObject Deployment/sonarr",
        "Wait-Homelab -TimeoutSeconds 20",
        "Wait-HomelabRollout sonarr -TimeoutSeconds 20",
    ];

    // What only some homelabs have, or only some states of them make cmdlets ask for.
    private static readonly string[] Seldom =
    [
        // New servers take a WebSocket for a creation, old ones for a reading.
        "create pods/exec",
        "create pods/portforward",

        // Everybody may ask for it.
        "get /version",

        // The embedded homelab has no automation of images, no HelmRelease and no application that is a CronJob.
        "list *.image.toolkit.fluxcd.io",
        "watch *.image.toolkit.fluxcd.io",
        "patch *.image.toolkit.fluxcd.io",
        "patch *.helm.toolkit.fluxcd.io",
        "patch *.notification.toolkit.fluxcd.io",
        "patch helmreleases.helm.toolkit.fluxcd.io",
        "patch cronjobs.batch",

        // Its replications are Syncthings, which have no destination of VolSync.
        "patch replicationdestinations.volsync.backube",
        "watch replicationdestinations.volsync.backube",

        // Drains, which would take applications from the other scripts.
        "create pods/eviction",

        // A Syncthing that is told to scan; keys of a ConfigMap that a pod waits for; what comes after the first event.
        "create pods/proxy",
        "get configmaps",
        "watch events",
    ];

    [Fact]
    public void Cmdlets_ask_for_nothing_that_they_do_not_declare_and_what_they_declare_is_asked_for()
    {
        var (asked, declared, lacking) = (new HashSet<Right>(), new HashSet<Right>(), new List<string>());
        foreach (var script in Scripts)
        {
            var own = Declared(script.Split(' ')[0]);
            var rights = Ask(script, own);
            lacking.AddRange(rights.Where(right => !own.Any(right.IsCoveredBy)).Select(right => $"{script}: {right}"));
            asked.UnionWith(rights);
            declared.UnionWith(own);
        }

        Assert.Equal("", string.Join('\n', lacking.Order(StringComparer.Ordinal)));
        var idle = string.Join('\n', declared.Where(right => !asked.Any(one => one.IsCoveredBy(right))).Select(right => right.ToString()).Except(Seldom).Order(StringComparer.Ordinal));
        Assert.True(idle.Length == 0, $"declared and not asked for:\n{idle}");
    }

    private HashSet<Right> Ask(string script, List<Right> own)
    {
        using var proxy = new RecordingProxy(Server);

        // Of several kinds each has a watch of its own, and the first object may come before the last of them has begun.
        List<Right> watches = [.. own.Where(right => right.Verb == "watch" && !Seldom.Contains(right.ToString()))];
        Action watched = () => SpinWait.SpinUntil(() => watches.All(right => proxy.Rights.Any(one => one.IsCoveredBy(right))), TimeSpan.FromMinutes(1));
        _folder.File("config", KubeConfigs.Of(proxy.Address));
        const string config = "-KubeConfig $folder/config -WarningAction SilentlyContinue -ErrorAction SilentlyContinue";

        // What comes of it does not count here: commands in pods are refused on the way.
        var text = script.Contains("KUBECONFIG", StringComparison.Ordinal) ? $"foreach ($i in 1) {{ {script.Replace("KUBECONFIG", config, StringComparison.Ordinal)} }}" : $"{script} {config}";
        _ = sandbox.Run($"$null = {text}", ("folder", _folder.Path), ("watched", watched));
        if (script.StartsWith("Connect", StringComparison.Ordinal))
        {
            _ = sandbox.Run("$null = Disconnect-Homelab; $null = Connect-Homelab -Sandbox").ThrowIfFailed();
        }

        return [.. proxy.Rights];
    }

    [Theory]
    [InlineData("GET", "/api/v1/pods", false, "list pods")]
    [InlineData("GET", "/api/v1/namespaces/media/pods", true, "watch pods")]
    [InlineData("GET", "/api/v1/namespaces/media/pods/sonarr/log", false, "get pods/log")]
    [InlineData("GET", "/api/v1/namespaces/media", false, "get namespaces")]
    [InlineData("GET", "/api/v1/namespaces", false, "list namespaces")]
    [InlineData("POST", "/api/v1/namespaces/media/pods/sonarr/eviction", false, "create pods/eviction")]
    [InlineData("GET", "/api/v1/nodes/k3s-w1/proxy/stats/summary", false, "get nodes/proxy")]
    [InlineData("DELETE", "/apis/apps/v1/namespaces/media/deployments/sonarr", false, "delete deployments.apps")]
    [InlineData("PATCH", "/apis/apps/v1/namespaces/media/deployments/sonarr/scale", false, "patch deployments/scale.apps")]
    [InlineData("GET", "/apis/apps/v1", false, null)]
    [InlineData("GET", "/version", false, null)]
    public void Requests_are_taken_for_the_rights_that_they_need(string method, string path, bool isWatch, string? expected) =>
        Assert.Equal(expected, RecordingProxy.RightOf(method, path, isWatch)?.ToString());

    private string Server => File.ReadLines(sandbox.Run("(Get-HomelabConnection).KubeConfigPath").ThrowIfFailed().Strings.Single()!).Single(line => line.Contains("server: ", StringComparison.Ordinal)).Split(": ")[1].Trim('"', ' ');

    private List<Right> Declared(string cmdlet) => [.. ((CmdletInfo)sandbox.Run($"Get-Command {cmdlet}").ThrowIfFailed().Output.Single().BaseObject).ImplementingType
        .GetCustomAttributesData().Where(data => data.AttributeType.Name == "RequiresAccessAttribute").Select(data => data.ConstructorArguments.Select(argument => (string)argument.Value!).ToList())
        .SelectMany(text => text[0].Split(',').SelectMany(verb => text[2].Split(',').Select(resource => new Right(verb, text[1], resource))))];
}
