namespace HomelabOps.Cluster.Tests;

/// <summary>MetalLB's webhook in the embedded homelab. Its faults are tested there.</summary>
public sealed class MetalLBWebhookTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    [Fact]
    public void A_homelab_that_is_well_has_nothing_to_say()
    {
        WaitUntilHealthy();
        var status = Run("Test-MetalLBWebhook").ThrowIfFailed().Output.Single();
        object? Of(string property) => status.Properties[property].Value;
        Assert.Equal((true, "", "", "", "enabled", true), (Of("Healthy"), Of("Reason"), Of("Message"), Of("Remedy"), Of("WebhookMode"), Of("Rotation")));
        Assert.Equal(("Deployment", "metallb-system", "controller"), (Of("Kind"), Of("Namespace"), Of("Name")));
        Assert.Equal(("metallb-webhook-cert", "metallb-webhook-cert", true, true, true, true), (Of("SecretName"), Of("ExpectedSecretName"), Of("SecretExists"), Of("CaMatches"), Of("ControllerReady"), Of("DryRun")));
        Assert.Equal(["metallb-webhook-service.metallb-system.svc", "True"], Run("$s = Test-MetalLBWebhook; $s.Sans; $s.NotAfter -gt [datetime]::Now.AddDays(300)").ThrowIfFailed().Strings);
        Assert.Empty(Run("Get-HomelabObject -Kind IPAddressPool | Where-Object { $_.metadata.name -ne 'default' }").ThrowIfFailed().Output);
    }

    [Theory]
    [InlineData("Test-MetalLBWebhook -Namespace metallb-system")]
    [InlineData("Test-MetalLBWebhook -Ns metallb-*, METALLB-system")]
    [InlineData("Test-MetalLBWebhook | Test-MetalLBWebhook")]
    [InlineData("Get-HomelabPod -Namespace metallb-system | Test-MetalLBWebhook")]
    [InlineData("Get-HomelabObject Namespace/metallb-system | Test-MetalLBWebhook")]
    public void It_is_found_by_its_namespace_and_by_what_is_there(string script) =>
        Assert.Equal(["metallb-system/controller"], Run($"{script} | ForEach-Object {{ \"$($_.Namespace)/$($_.Name)\" }}").ThrowIfFailed().Strings);

    [Fact]
    public void Where_there_is_none_that_is_what_is_told()
    {
        Assert.Equal(["False NoMetalLB ", "True"], Run("$s = Test-MetalLBWebhook -Namespace media; \"$($s.Healthy) $($s.Reason) $($s.Name)\"; $s.Remedy -match 'homelab.yaml'").ThrowIfFailed().Strings);
        Assert.Empty(Run("Test-MetalLBWebhook -Namespace med*").ThrowIfFailed().Output);
    }

    [Theory]
    [InlineData("Test-MetalLBWebhook -Namespace none")]
    [InlineData("Test-MetalLBWebhook -Namespace ../kube-system")]
    public void A_namespace_that_does_not_exist_is_an_error(string script) => Assert.Equal(["NamespaceNotFound"], Run(script).ErrorIds);

    [Fact]
    public void Records_of_something_else_are_a_warning() => Assert.Single(Run("Get-HomelabNode k3s-w1 | Test-MetalLBWebhook").ThrowIfFailed().Warnings);

    [Fact]
    public void The_view_shows_the_state()
    {
        WaitUntilHealthy();
        Assert.Contains("Healthy", Run("[HomelabOps.Display]::Status((Test-MetalLBWebhook))").ThrowIfFailed().Strings.Single(), StringComparison.Ordinal);
    }

    // The certificate is made just after the start.
    private void WaitUntilHealthy()
    {
        var end = DateTime.UtcNow + TimeSpan.FromMinutes(3);
        while (Run("(Test-MetalLBWebhook).Healthy").ThrowIfFailed().Strings.Single() != "True" && DateTime.UtcNow < end)
        {
            Thread.Sleep(200);
        }
    }

    private Testing.Engine.Result Run(string script) => sandbox.Run(script);
}
