using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>The objects of Flux that tests/lab/fixtures put there.</summary>
public sealed class FluxStatusTests : ClusterTest
{
    [Fact]
    public void All_kinds_come_in_the_order_in_which_content_flows()
    {
        var kinds = Run("(Get-FluxStatus -Namespace flux-system, media).Kind").ThrowIfFailed().Strings.Distinct().ToList();

        Assert.Equal(["GitRepository", "HelmRepository", "Kustomization", "HelmRelease"], kinds);
    }

    [Fact]
    public void What_is_blocked_names_the_broken_link()
    {
        var apps = Run("Get-FluxStatus Kustomization/flux-system/apps").ThrowIfFailed().Output.Single();

        Assert.Equal("False", apps.Properties["Ready"].Value.ToString());
        Assert.Equal("DependencyNotReady", apps.Properties["Reason"].Value);
        Assert.Equal("Kustomization/flux-system/infrastructure-storage", apps.Properties["RootCause"].Value.ToString());
        Assert.Equal("lab", Run("$c = Get-FluxStatus apps -Namespace flux-system; if ($c.Cluster -eq (Get-HomelabConnection).Name) { 'lab' }").ThrowIfFailed().Strings.Single());
    }

    [Fact]
    public void A_suspended_object_says_so_instead_of_its_old_True()
    {
        var suspended = Run("Get-FluxStatus -Suspended -Namespace flux-system").ThrowIfFailed().Output.Single();

        Assert.Equal("infrastructure-metallb", suspended.Properties["Name"].Value);
        Assert.Equal("Suspended", suspended.Properties["Reason"].Value);
        Assert.False((bool)suspended.Properties["Healthy"].Value);
    }

    [Fact]
    public void NotReady_gives_only_what_is_not_ready() =>
        Assert.Equal(["apps", "infrastructure-storage"], Run("(Get-FluxStatus -NotReady -Namespace flux-system).Name").ThrowIfFailed().Strings.Order(StringComparer.Ordinal));

    [Fact]
    public void What_was_ready_when_the_fixtures_were_applied_stays_so_for_any_test_run() =>
        Assert.All(Run("Get-FluxStatus -Namespace flux-system, media | Where-Object { $_.Ready -eq 'True' -and $_.LastReconciled -and -not $_.Suspended }").ThrowIfFailed().Values("Interval"), interval =>
            Assert.True((TimeSpan)interval! >= TimeSpan.FromDays(1)));

    [Theory]
    [InlineData("Get-FluxKustomization apps -Namespace flux-system", "FluxKustomization", "Path")]
    [InlineData("Get-FluxSource -Kind GitRepository -Namespace flux-system", "FluxSource", "Url")]
    [InlineData("Get-FluxHelmRelease sonarr", "FluxHelmRelease", "Version")]
    public void The_shortcuts_have_what_only_their_kind_has(string script, string type, string property)
    {
        var record = Run(script).ThrowIfFailed().Output.Single();

        Assert.Equal($"HomelabOps.{type}", record.BaseObject.GetType().FullName);
        Assert.False(string.IsNullOrEmpty((string)record.Properties[property].Value));
    }

    [Theory]
    [InlineData("Get-FluxStatus no-such", "FluxResourceNotFound")]
    [InlineData("Get-FluxStatus Kustomization/nowhere/apps", "FluxResourceNotFound")]
    [InlineData("Get-FluxKustomization flux-system, no-such", "FluxResourceNotFound")]
    [InlineData("Get-FluxStatus -Kind Deployment", "FluxKindUnknown")]
    public void What_does_not_exist_is_one_error(string script, string id) =>
        Assert.Equal([id], Run(script).ErrorIds);

    [Fact]
    public void A_wildcard_may_match_nothing() =>
        Assert.Empty(Run("Get-FluxStatus no-such*; Get-FluxStatus -Kind Nothing*").ThrowIfFailed().Output);

    [Fact]
    public void Who_may_not_read_Flux_is_told_what_is_missing()
    {
        var result = Run("Get-FluxKustomization -KubeConfig $file", ("file", Lab.Variant("restricted")));

        Assert.Equal(["AccessDenied"], result.ErrorIds);
        Assert.Contains("list kustomizations.kustomize.toolkit.fluxcd.io", result.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Watching_ends_on_Ctrl_C() =>
        Assert.True(StopAfter(TimeSpan.FromSeconds(2), "Get-FluxStatus -Watch") < TimeSpan.FromSeconds(2));
}
