namespace HomelabOps.Cluster.Tests;

/// <summary>The cmdlets that change Flux, on the embedded homelab with its real Git repository.</summary>
[Collection(nameof(Alone))]
public sealed class FluxOperationTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    private readonly string _state = Directory.CreateTempSubdirectory("homelabops-state-").FullName;

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", null);
        Directory.Delete(_state, recursive: true);
    }

    [Fact]
    public void A_reconcile_gives_its_result_at_once()
    {
        var result = Run("Invoke-FluxReconcile Kustomization/apps -WithSource -TimeoutSeconds 60").ThrowIfFailed().Output.Single();
        Assert.Equal(("apps", "True", true), (result.Properties["Name"].Value, result.Properties["Ready"].Value.ToString(), result.Properties["Healthy"].Value));
        Assert.StartsWith("main@sha1:", (string)result.Properties["Revision"].Value, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(_state, "journal")));
    }

    [Fact]
    public void Its_own_repository_has_no_finding_and_gives_what_is_in_the_cluster()
    {
        Assert.Empty(Run("Test-FluxManifest").ThrowIfFailed().Output);

        var objects = Run("Test-FluxManifest -PassThru | Where-Object kind -EQ Deployment | ForEach-Object { $_.metadata.namespace + '/' + $_.metadata.name }");
        Assert.Empty(objects.Warnings);
        Assert.Subset(Run("(Get-HomelabObject -Kind Deployment).metadata | ForEach-Object { $_.namespace + '/' + $_.name }").ThrowIfFailed().Strings.ToHashSet(), objects.ThrowIfFailed().Strings.ToHashSet());
    }

    [Fact]
    public void WhatIf_tells_the_whole_chain_and_changes_nothing()
    {
        var before = Version("apps");
        Run("Invoke-FluxReconcile Kustomization/apps -Chain -WhatIf; Suspend-FluxResource Kustomization/apps -WhatIf; Resume-FluxResource Kustomization/apps -WhatIf").ThrowIfFailed();
        Assert.Equal(before, Version("apps"));
        Assert.False(Directory.Exists(Path.Combine(_state, "journal")));
    }

    [Fact]
    public void A_suspended_object_says_why_is_not_reconciled_and_comes_back()
    {
        Run("$null = Suspend-FluxResource Kustomization/infrastructure-traefik -Reason 'new router' -Duration 2h").ThrowIfFailed();
        var refused = Run("Invoke-FluxReconcile Kustomization/infrastructure-traefik");
        Assert.Equal("FluxSuspended", Assert.Single(refused.Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.All(["new router", $"by {Environment.UserName}@", "until "], text => Assert.Contains(text, refused.Errors[0].Exception.Message, StringComparison.Ordinal));
        Assert.Contains("new router", Run("(Get-FluxStatus infrastructure-traefik).Message").ThrowIfFailed().Strings.Single(), StringComparison.Ordinal);

        var resumed = Run("Get-FluxStatus infrastructure-traefik | Resume-FluxResource -TimeoutSeconds 60").ThrowIfFailed().Output.Single();
        Assert.Equal(("True", false), (resumed.Properties["Ready"].Value.ToString(), resumed.Properties["Suspended"].Value));
    }

    [Fact]
    public void What_Flux_applies_leads_to_what_applies_it()
    {
        var result = Run("Get-HomelabObject Deployment/media/sonarr | Invoke-FluxReconcile -TimeoutSeconds 60").ThrowIfFailed().Output.Single();
        Assert.Equal("apps", result.Properties["Name"].Value);
    }

    [Theory]
    [InlineData("Invoke-FluxReconcile", "NameRequired")]
    [InlineData("Suspend-FluxResource none", "FluxResourceNotFound")]
    [InlineData("Invoke-FluxReconcile flux-system", "NameAmbiguous")]
    [InlineData("Get-HomelabNode k3s-w1 | Invoke-FluxReconcile", "FluxOwnerNotFound")]
    [InlineData("Get-FluxEvent none", "FluxResourceNotFound")]
    [InlineData("Invoke-FluxReconcile apps -Kind Deployment", "FluxKindUnknown")]
    [InlineData("Suspend-FluxResource apps -Kind Deployment", "FluxKindUnknown")]
    [InlineData("Resume-FluxResource none", "FluxResourceNotFound")]
    [InlineData("Get-FluxEvent Deployment/media/sonarr", "FluxResourceNotFound")]
    [InlineData("Get-HomelabNode k3s-w1 | Resume-FluxResource", "FluxOwnerNotFound")]
    public void What_cannot_be_meant_is_an_error(string script, string id) =>
        Assert.Equal(id, Assert.Single(Run(script).Errors).FullyQualifiedErrorId.Split(',')[0]);

    [Fact]
    public void Events_of_an_object_come_with_those_of_its_source()
    {
        var kinds = Run("Get-FluxEvent apps | ForEach-Object { $_.Target.Kind }").ThrowIfFailed().Strings.Distinct().ToList();
        Assert.Contains("Kustomization", kinds);
        Assert.Contains("GitRepository", kinds);
        Assert.All(Run("Get-FluxEvent | ForEach-Object { $_.Target.Kind }").ThrowIfFailed().Strings, kind => Assert.DoesNotContain(kind, new[] { "Pod", "Node" }));
    }

    [Fact]
    public void Logs_of_the_controllers_are_one_stream_in_the_order_of_time()
    {
        var times = Run("Get-FluxLog | ForEach-Object { $_.Time }").ThrowIfFailed().Output.Select(item => (DateTime)item.BaseObject).ToList();
        Assert.NotEmpty(times);
        Assert.Equal(times.Order(), times);
        Assert.Equal(["helm-controller", "kustomize-controller", "notification-controller", "source-controller"], Run("Get-FluxLog | ForEach-Object { $_.Controller }").ThrowIfFailed().Strings.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Changes_do_not_use_a_cluster_that_nobody_chose()
    {
        var result = Run("$null = Disconnect-Homelab; Invoke-FluxReconcile Kustomization/apps");
        Run("$null = Connect-Homelab -Sandbox").ThrowIfFailed();
        Assert.Equal("NoConnection", Assert.Single(result.Errors).FullyQualifiedErrorId.Split(',')[0]);
    }

    // What a cmdlet could change. The controllers write the status of a homelab that has just started for a while yet.
    private string Version(string name) => Run($"$m = (Get-HomelabObject Kustomization/flux-system/{name}).metadata; \"$($m.generation) $($m.annotations)\"").ThrowIfFailed().Strings.Single()!;

    private Testing.Engine.Result Run(string script)
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", _state);
        return sandbox.Run(script);
    }
}
