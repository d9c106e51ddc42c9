namespace HomelabOps.Cluster.Tests;

/// <summary>Applications of the embedded homelab, with all that belongs to them.</summary>
public sealed class AppTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    [Fact]
    public void An_application_knows_all_that_belongs_to_it()
    {
        var app = Run("Get-HomelabApp sonarr").ThrowIfFailed().Output.Single();
        object? Of(string property) => app.Properties[property].Value;
        Assert.Equal(("sonarr", "Deployment", "media", true, true, 1), (Of("App"), Of("Kind"), Of("Namespace"), Of("Ready"), Of("Healthy"), Of("Replicas")));
        Assert.Equal(("k3s-w1", "k3s-w1", "Primary"), (Of("Node"), Of("HomeNode"), $"{Of("Side")}"));
        Assert.Contains("sonarr", (string)Of("Image")!, StringComparison.Ordinal);
        Assert.Equal("Kustomization/flux-system/apps", $"{Of("Kustomization")}");
        Assert.Equal("clusters/homelab/apps/media/sonarr/deployment.yaml", Of("File"));
        Assert.Equal(
            ["1", "sonarr:80", "80", "1", "1", "pvc-sonarr", "Bound", "2"],
            Run("$a = Get-HomelabApp sonarr; $a.Pods.Count; \"$($a.Services)\"; $a.Services[0].Ports.Port; $a.Services[0].ReadyEndpoints; $a.Ingresses.Count; $a.Volumes.Claim; $a.Volumes.Phase; $a.Replications.Count").ThrowIfFailed().Strings);
    }

    [Fact]
    public void What_a_HelmRelease_makes_is_an_application_of_it_and_of_its_Kustomization() => Assert.Equal(
        ["HelmRelease/media/tautulli", "Kustomization/flux-system/apps", "True"],
        Run("$a = Get-HomelabApp tautulli; \"$($a.HelmRelease)\"; \"$($a.Kustomization)\"; [bool]$a.File").ThrowIfFailed().Strings);

    [Fact]
    public void All_kinds_of_workloads_are_applications_and_movers_are_not()
    {
        Assert.Equal(["CronJob", "DaemonSet", "Deployment", "StatefulSet"], Run("Get-HomelabApp | ForEach-Object Kind").ThrowIfFailed().Strings.Distinct().Order(StringComparer.Ordinal));
        Assert.Empty(Run("Get-HomelabApp volsync-src*, volsync-dst* -Namespace media").ThrowIfFailed().Output);
    }

    [Theory]
    [InlineData("Get-HomelabPod -Namespace media -App sonarr")]
    [InlineData("Get-HomelabObject Service/media/sonarr")]
    [InlineData("Get-HomelabObject Ingress/media/sonarr")]
    [InlineData("Get-HomelabObject PersistentVolumeClaim/media/pvc-sonarr")]
    [InlineData("Get-HomelabObject PersistentVolume/pv-sonarr-primary")]
    [InlineData("Get-HomelabObject ReplicationSource/media/sonarr-primary")]
    [InlineData("Get-HomelabLog -Namespace media -App sonarr -Tail 1")]
    [InlineData("Get-HomelabApp sonarr")]
    [InlineData("'media/sonarr'")]
    [InlineData("'Deployment/media/sonarr'")]
    public void What_belongs_to_an_application_leads_to_it(string script) =>
        Assert.Equal(["Deployment/media/sonarr"], Run($"{script} | Get-HomelabApp | ForEach-Object {{ \"$_\" }}").ThrowIfFailed().Strings);

    [Fact]
    public void Nodes_and_Kustomizations_lead_to_their_applications()
    {
        Assert.All(Run("Get-HomelabNode k3s-w1 | Get-HomelabApp | ForEach-Object { $_.Nodes -contains 'k3s-w1' }").ThrowIfFailed().Strings, text => Assert.Equal("True", text));
        Assert.Contains("Deployment/media/tautulli", Run("Get-FluxKustomization apps -Namespace flux-system | Get-HomelabApp | ForEach-Object { \"$_\" }").ThrowIfFailed().Strings);
        Assert.Equal(["Deployment/media/tautulli"], Run("Get-FluxHelmRelease tautulli | Get-HomelabApp | ForEach-Object { \"$_\" }").ThrowIfFailed().Strings);
    }

    [Theory]
    [InlineData("Get-HomelabApp none", "AppNotFound")]
    [InlineData("Get-HomelabApp -Namespace none", "NamespaceNotFound")]
    [InlineData("Get-HomelabObject Namespace/media | Get-HomelabApp", "AppUnknown")]
    [InlineData("'a/b/c/d' | Get-HomelabApp", "NotAReference")]
    public void What_leads_to_no_application_is_an_error(string script, string id) =>
        Assert.Equal(id, Assert.Single(Run(script).Errors).FullyQualifiedErrorId.Split(',')[0]);

    [Theory]
    [InlineData("(Get-VolSyncStatus sonarr-primary).Pods[0]")]
    [InlineData("(Get-VolSyncStatus sonarr-primary).Pods[0].Owner")]
    public void A_mover_is_told_as_what_it_is(string script) =>
        Assert.Contains("is a mover of VolSync and no application", $"{Assert.Single(Run($"{script} | Get-HomelabApp").Errors)}", StringComparison.Ordinal);

    [Fact]
    public void The_pipeline_may_end_after_the_first_application() =>
        Assert.Single(Run("foreach ($once in 1) { Get-HomelabApp | ForEach-Object { $_; break } }").ThrowIfFailed().Output);

    [Fact]
    public void Views_show_state_image_and_address()
    {
        var shown = Run("$a = Get-HomelabApp sonarr; [HomelabOps.Display]::Status($a); [HomelabOps.Display]::Image($a.Image); [HomelabOps.Display]::Address($a)").ThrowIfFailed().Strings.ToList();
        Assert.Contains("1/1", shown[0], StringComparison.Ordinal);
        Assert.StartsWith("sonarr:", shown[1], StringComparison.Ordinal);
        Assert.StartsWith("https://sonarr.", shown[2], StringComparison.Ordinal);
    }

    private Testing.Engine.Result Run(string script) => sandbox.Run(script);
}
