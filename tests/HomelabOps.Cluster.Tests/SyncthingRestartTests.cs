namespace HomelabOps.Cluster.Tests;

/// <summary>Restarting Syncthings of the embedded homelab.</summary>
[Collection(nameof(Alone))]
public sealed class SyncthingRestartTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{

    // The pods of Jobs come and go by themselves: movers run on their schedules.
    private const string Pods = "Get-HomelabPod -Namespace media | Where-Object { $_.Owner.Kind -ne 'Job' } | ForEach-Object Name";
    private readonly string _state = Directory.CreateTempSubdirectory("homelabops-state-").FullName;

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", null);
        Directory.Delete(_state, recursive: true);
    }

    [Fact]
    public void One_side_gets_a_new_pod_and_nobody_else_does()
    {
        var before = Run(Pods).ThrowIfFailed().Strings.ToArray();
        var restart = Run("Restart-SyncthingReplication sonarr-backup -TimeoutSeconds 120").ThrowIfFailed().Output.Single();
        var after = Run(Pods).ThrowIfFailed().Strings.ToArray();
        Assert.Equal(("sonarr", "Destination", false, true), (restart.Properties["App"].Value, $"{restart.Properties["Role"].Value}", restart.Properties["Reconciled"].Value, restart.Properties["Healthy"].Value));
        Assert.Equal(before.Except(after), (IReadOnlyList<string>)restart.Properties["PodsDeleted"].Value);
        Assert.Equal(after.Except(before), (IReadOnlyList<string>)restart.Properties["PodsReady"].Value);
        Assert.Contains("\"change\":\"Delete\"", string.Concat(Directory.EnumerateFiles(Path.Combine(_state, "journal")).Select(File.ReadAllText)), StringComparison.Ordinal);
    }

    [Fact]
    public void Both_sides_of_an_application_are_restarted_and_Flux_reconciles_afterwards()
    {
        var all = Run("Restart-SyncthingReplication -App radarr -Reconcile -TimeoutSeconds 120").ThrowIfFailed().Output;
        Assert.Equal(["Destination", "Source"], all.Select(item => $"{item.Properties["Role"].Value}"));
        Assert.All(all, item => Assert.Equal((true, true), (item.Properties["Reconciled"].Value, item.Properties["Healthy"].Value)));
    }

    [Fact]
    public void A_role_or_a_selector_narrows_it()
    {
        Assert.Equal(["plex-primary"], Run("(Restart-SyncthingReplication -App plex -Role Source -TimeoutSeconds 120).Name").ThrowIfFailed().Strings);
        Assert.Equal(["plex-backup"], Run("(Restart-SyncthingReplication -Selector app.kubernetes.io/name=plex-backup -TimeoutSeconds 120).Name").ThrowIfFailed().Strings);
    }

    [Fact]
    public void A_label_that_no_Syncthing_has_is_told()
    {
        var result = Run("Restart-SyncthingReplication -Namespace media -Selector syncthing.io/role=none").ThrowIfFailed();
        Assert.Empty(result.Output);
        Assert.Contains("moverPodLabels", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Those_of_the_runbooks_label_alone_are_restarted_and_nobody_else_is()
    {
        const string All = "Get-HomelabPod -Namespace own-sync, media | Where-Object { $_.Owner.Kind -ne 'Job' } | ForEach-Object Name";
        using var api = new SandboxApi(sandbox);
        api.Send(HttpMethod.Post, "/api/v1/namespaces", """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"own-sync"}}""");
        Add(api, "here", ",\"syncthing.io/role\":\"source\"");
        Add(api, "there", ",\"syncthing.io/role\":\"destination\"");
        Add(api, "bystander", "");
        Assert.True(SpinWait.SpinUntil(() => Run("Get-HomelabPod -Namespace own-sync | Where-Object Ready").Output.Count == 3, TimeSpan.FromMinutes(2)), "they do not run");

        var before = Run(All).ThrowIfFailed().Strings.ToArray();
        var one = Run("Restart-SyncthingReplication * -Namespace own-sync -Role Destination -TimeoutSeconds 120").ThrowIfFailed().Output.Single();
        Changed(before, one);
        Assert.StartsWith("there-", ((IReadOnlyList<string>)one.Properties["PodsDeleted"].Value).Single(), StringComparison.Ordinal);

        before = [.. Run(All).ThrowIfFailed().Strings];
        var both = Run("Restart-SyncthingReplication -Selector syncthing.io/role -Namespace own-sync -TimeoutSeconds 120").ThrowIfFailed().Output;
        Assert.Equal(["Source here-", "Destination there-"], both.Select(item => $"{item.Properties["Role"].Value} {((IReadOnlyList<string>)item.Properties["PodsDeleted"].Value).Single().Split('-')[0]}-").Order(StringComparer.Ordinal).Reverse());
        Changed(before, [.. both]);
        api.Send(HttpMethod.Delete, "/api/v1/namespaces/own-sync");

        void Changed(string?[] former, params System.Management.Automation.PSObject[] restarts)
        {
            string?[] now = [.. Run(All).ThrowIfFailed().Strings];
            Assert.Equal(restarts.SelectMany(item => (IReadOnlyList<string>)item.Properties["PodsDeleted"].Value).Order(StringComparer.Ordinal), former.Except(now).Order(StringComparer.Ordinal));
            Assert.Equal(restarts.SelectMany(item => (IReadOnlyList<string>)item.Properties["PodsReady"].Value).Order(StringComparer.Ordinal), now.Except(former).Order(StringComparer.Ordinal));
        }
    }

    private static void Add(SandboxApi api, string name, string labels) => api.Send(HttpMethod.Post, "/apis/apps/v1/namespaces/own-sync/deployments", $$$"""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"{{{name}}}"},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"{{{name}}}"}},
         "template":{"metadata":{"labels":{"app":"{{{name}}}"{{{labels}}} } },"spec":{"containers":[{"name":"main","image":"docker.io/syncthing/syncthing:1"}] } } } }
        """);

    [Fact]
    public void WhatIf_deletes_nothing()
    {
        var before = Run(Pods).ThrowIfFailed().Strings.ToArray();
        Assert.Empty(Run("Restart-SyncthingReplication * -Reconcile -WhatIf").ThrowIfFailed().Output);
        Assert.Equal(before, Run(Pods).ThrowIfFailed().Strings);
        Assert.False(Directory.Exists(Path.Combine(_state, "journal")));
    }

    [Theory]
    [InlineData("Restart-SyncthingReplication", "NameRequired")]
    [InlineData("Restart-SyncthingReplication none", "ReplicationNotFound")]
    [InlineData("Restart-SyncthingReplication -App prowlarr", "ReplicationNotFound")]
    public void What_cannot_be_meant_is_an_error(string script, string id) => Assert.Equal([id], Run(script).ErrorIds);

    private Testing.Engine.Result Run(string script)
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", _state);
        return sandbox.Run(script);
    }
}
