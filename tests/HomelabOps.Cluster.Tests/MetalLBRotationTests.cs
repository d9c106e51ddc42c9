namespace HomelabOps.Cluster.Tests;

/// <summary>The way of the runbook done right, from a Secret that is missing to a certificate that nobody rotates, in a homelab of its own.</summary>
[Collection(nameof(Alone))]
public sealed class MetalLBRotationTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    private const string Webhook = "clusters/homelab/infrastructure/metallb/webhook.yaml";
    private const string Controller = "clusters/homelab/infrastructure/metallb/controller.yaml";
    private const string Reconcile = "$null = Invoke-FluxReconcile Kustomization/infrastructure-metallb -WithSource -TimeoutSeconds 120";

    private readonly string _state = Directory.CreateTempSubdirectory("homelabops-state-").FullName;
    private readonly SandboxApi _api = new(sandbox);

    public void Dispose()
    {
        _api.Dispose();
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", null);
        Directory.Delete(_state, recursive: true);
    }

    [Fact]
    public void A_controller_gets_its_empty_Secret_fills_it_and_later_one_that_does_not_rotate_its_certificate()
    {
        WaitUntilHealthy();
        HomelabClone.Edit(sandbox, Webhook, text => string.Join("---\n", text.Split("---\n").Where(document => !document.Contains("kind: Secret\n", StringComparison.Ordinal))));
        Run(Reconcile).ThrowIfFailed();
        Assert.Equal(["SecretMissing False"], Run("Test-MetalLBWebhook | ForEach-Object { \"$($_.Reason) $($_.SecretExists)\" }").ThrowIfFailed().Strings);
        Assert.Equal(["True False True 1"], Run("Test-MetalLBWebhook | New-MetalLBWebhookCert -RestartController -TimeoutSeconds 120 | ForEach-Object { \"$($_.Created) $($_.IsEmpty) $($_.Restarted) $($_.Sans.Count)\" }").ThrowIfFailed().Strings);
        WaitUntilHealthy();

        HomelabClone.Edit(sandbox, Controller, text => text.Replace("            - --webhook-mode=enabled\n", "            - --webhook-mode=enabled\n            - --disable-cert-rotation\n", StringComparison.Ordinal));
        Run(Reconcile).ThrowIfFailed();
        Assert.Equal(["False", "True"], Run("$s = Test-MetalLBWebhook; $s.Rotation; $s.Healthy").ThrowIfFailed().Strings);
        Assert.Equal(["True Opaque 4096 ValidatingWebhookConfiguration/metallb-webhook-configuration"], Run("New-MetalLBWebhookCert -Force | ForEach-Object { \"$($_.Created) $($_.Type) $($_.KeySize) $($_.Trusting)\" }").ThrowIfFailed().Strings);
        Assert.Equal(["True", "True", "True"], Run($"{Reconcile}; $s = Test-MetalLBWebhook; $s.Healthy; $s.CaMatches; $s.NotAfter -gt [datetime]::Now.AddDays(3640)").ThrowIfFailed().Strings);

        // What the API server trusts has got lost, and the certificate has not.
        _api.Send(HttpMethod.Patch, "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/metallb-webhook-configuration", """{"webhooks":[{"name":"ipaddresspoolvalidationwebhook.metallb.io","clientConfig":{"caBundle":null} }]}""");
        Assert.Equal(["CaNotInjected"], Run("(Test-MetalLBWebhook).Reason").ThrowIfFailed().Strings);
        Assert.Equal(["False 1"], Run("New-MetalLBWebhookCert | ForEach-Object { \"$($_.Created) $($_.Trusting.Count)\" }").ThrowIfFailed().Strings);
        Assert.Equal(["True"], Run("(Test-MetalLBWebhook).Healthy").ThrowIfFailed().Strings);
        Assert.Contains("\"form\":\"StrategicMergePatch\"", Journal(), StringComparison.Ordinal);

        // Anew, as often as it is asked for; whoever calls follows.
        Assert.Equal(["True 1", "True"], Run("New-MetalLBWebhookCert -Force -KeySize 2048 | ForEach-Object { \"$($_.Created) $($_.Trusting.Count)\" }; (Test-MetalLBWebhook).Healthy").ThrowIfFailed().Strings);
    }

    private void WaitUntilHealthy()
    {
        var end = DateTime.UtcNow + TimeSpan.FromMinutes(3);
        while (Run("(Test-MetalLBWebhook).Healthy").ThrowIfFailed().Strings.Single() != "True" && DateTime.UtcNow < end)
        {
            Thread.Sleep(200);
        }

        Assert.Equal(["True "], Run("Test-MetalLBWebhook | ForEach-Object { \"$($_.Healthy) $($_.Reason)\" }").ThrowIfFailed().Strings);
    }

    private string Journal() => string.Concat(Directory.EnumerateFiles(Path.Combine(_state, "journal")).Select(File.ReadAllText));

    private Testing.Engine.Result Run(string script)
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", _state);
        return sandbox.Run(script);
    }
}
