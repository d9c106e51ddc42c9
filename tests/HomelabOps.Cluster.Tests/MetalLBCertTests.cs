using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace HomelabOps.Cluster.Tests;

/// <summary>The Secret of MetalLB's webhook in the embedded homelab: made, kept and refused.</summary>
[Collection(nameof(Alone))]
public sealed class MetalLBCertTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    private const string Secrets = "/api/v1/namespaces/metallb-system/secrets";

    private readonly string _state = Directory.CreateTempSubdirectory("homelabops-state-").FullName;
    private readonly SandboxApi _api = new(sandbox);

    public void Dispose()
    {
        _api.Dispose();
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", null);
        Directory.Delete(_state, recursive: true);
    }

    [Theory]
    [InlineData("New-MetalLBWebhookCert")]
    [InlineData("Test-MetalLBWebhook | New-MetalLBWebhookCert")]
    [InlineData("New-MetalLBWebhookCert -Certificate -Namespace metallb-* 3>$null")]
    public void What_is_good_is_given_back_and_left_alone(string script)
    {
        WaitUntilHealthy();
        var before = Version();
        Assert.Equal(["False False RSA 2048 metallb-webhook-service.metallb-system.svc Secret/metallb-system/metallb-webhook-cert"], Run($"{script} | ForEach-Object {{ \"$($_.Created) $($_.IsEmpty) $($_.KeyAlgorithm) $($_.KeySize) $($_.Sans) $_\" }}").ThrowIfFailed().Strings);
        Assert.Equal(before, Version());
        Assert.False(Directory.Exists(Path.Combine(_state, "journal")));
    }

    [Theory]
    [InlineData("New-MetalLBWebhookCert -Force", "MetalLBSecretOwned")]
    [InlineData("New-MetalLBWebhookCert -Certificate -Force", "MetalLBSecretOwned")]
    [InlineData("New-MetalLBWebhookCert -Force -WhatIf", "MetalLBSecretOwned")]
    [InlineData("New-MetalLBWebhookCert -Namespace media", "MetalLBNotFound")]
    [InlineData("New-MetalLBWebhookCert -Namespace none -SecretName a", "NamespaceNotFound")]
    [InlineData("New-MetalLBWebhookCert -Empty -Certificate", "CertificateChoice")]
    [InlineData("New-MetalLBWebhookCert -SecretName ../default/a", "ParameterArgumentValidationError")]
    [InlineData("New-MetalLBWebhookCert -KeySize 1024", "ParameterArgumentValidationError")]
    [InlineData("New-MetalLBWebhookCert -ValidDays 0", "ParameterArgumentValidationError")]
    public void What_may_not_be_made_is_an_error_and_nothing_has_changed(string script, string id)
    {
        WaitUntilHealthy();
        var before = Version();
        Assert.Equal([id], Run(script).ErrorIds);
        Assert.Equal(before, Version());
    }

    [Fact]
    public void WhatIf_makes_nothing()
    {
        Assert.Empty(Run("New-MetalLBWebhookCert -SecretName not-made -WhatIf 3>$null; New-MetalLBWebhookCert -SecretName not-made -Certificate -RestartController -WhatIf 3>$null").ThrowIfFailed().Output);
        Assert.Equal(["SecretNotFound"], Run("Get-HomelabObject Secret/metallb-system/not-made").ErrorIds);
        Assert.False(Directory.Exists(Path.Combine(_state, "journal")));
    }

    [Fact]
    public void A_certificate_is_made_kept_made_anew_and_taken_out()
    {
        const string Make = "New-MetalLBWebhookCert -SecretName own-cert -Certificate -KeySize 2048 -ValidDays 400";
        var made = Run(Make).ThrowIfFailed();
        var cert = made.Output.Single();
        object? Of(string property) => cert.Properties[property].Value;
        Assert.Equal((true, false, "own-cert", "Opaque", "RSA", 2048), (Of("Created"), Of("IsEmpty"), Of("SecretName"), Of("Type"), Of("KeyAlgorithm"), Of("KeySize")));
        Assert.InRange(((DateTime)Of("NotAfter")! - DateTime.Now).TotalDays, 399, 400.1);
        Assert.Contains(made.Warnings, warning => $"{warning}".Contains("discards", StringComparison.Ordinal));
        Assert.Contains(made.Warnings, warning => $"{warning}".Contains("metallb-webhook-cert", StringComparison.Ordinal));

        var data = (JsonObject)_api.Send(HttpMethod.Get, $"{Secrets}/own-cert")["data"]!;
        Assert.StartsWith("-----BEGIN RSA PRIVATE KEY-----", Text(data, "ca.key"), StringComparison.Ordinal);
        using var pair = X509Certificate2.CreateFromPem(Text(data, "tls.crt"), Text(data, "tls.key"));
        Assert.Equal(Of("Thumbprint"), pair.Thumbprint);

        Assert.Equal([$"False {pair.Thumbprint}"], Show(Make));
        Assert.NotEqual($"True {pair.Thumbprint}", Show($"{Make} -Force").Single());
        Assert.Equal(["True "], Show("New-MetalLBWebhookCert -SecretName own-cert -Empty -Force"));
        Assert.Equal(["True"], Run("(New-MetalLBWebhookCert -SecretName own-cert 3>$null).IsEmpty").ThrowIfFailed().Strings);

        var journal = Journal();
        Assert.Contains(pair.Thumbprint, journal, StringComparison.Ordinal);
        Assert.DoesNotContain((string)data["tls.key"]!, journal, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", journal, StringComparison.Ordinal);
    }

    [Fact]
    public void Before_MetalLB_is_there_the_Secret_can_be_named()
    {
        var made = Run("New-MetalLBWebhookCert -Namespace media -SecretName metallb-webhook-cert").ThrowIfFailed();
        Assert.Equal((true, true), (made.Output.Single().Properties["Created"].Value, made.Output.Single().Properties["IsEmpty"].Value));
        Assert.Single(made.Warnings);
    }

    [Fact]
    public void A_Secret_of_another_type_is_only_made_anew_when_that_is_asked_for()
    {
        _api.Send(HttpMethod.Post, Secrets, """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"other-type"},"type":"kubernetes.io/basic-auth","data":{"username":"YQ==","password":"Yg=="} }""");
        var refused = Run("New-MetalLBWebhookCert -SecretName other-type 3>$null");
        Assert.Equal(["MetalLBSecretUnfit"], refused.ErrorIds);
        Assert.Contains("kubernetes.io/basic-auth", refused.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal(["True Opaque"], Run("New-MetalLBWebhookCert -SecretName other-type -Force 3>$null | ForEach-Object { \"$($_.Created) $($_.Type)\" }").ThrowIfFailed().Strings);
    }

    [Fact]
    public void In_a_namespace_that_is_being_deleted_nothing_is_made()
    {
        _api.Send(HttpMethod.Post, "/api/v1/namespaces", """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"ending"} }""");
        _api.Send(HttpMethod.Post, "/api/v1/namespaces/ending/secrets", """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"kept","finalizers":["example.org/kept"]} }""");
        _api.Send(HttpMethod.Delete, "/api/v1/namespaces/ending");
        Assert.Equal(["NamespaceTerminating"], Run("New-MetalLBWebhookCert -Namespace ending -SecretName a").ErrorIds);
        _api.Send(HttpMethod.Patch, "/api/v1/namespaces/ending/secrets/kept", """{"metadata":{"finalizers":null} }""");
    }

    private IEnumerable<string?> Show(string script) => Run($"{script} 3>$null | ForEach-Object {{ \"$($_.Created) $($_.Thumbprint)\" }}").ThrowIfFailed().Strings;

    private static string Text(JsonObject data, string field) => Encoding.UTF8.GetString(Convert.FromBase64String((string)data[field]!));

    private void WaitUntilHealthy()
    {
        var end = DateTime.UtcNow + TimeSpan.FromMinutes(3);
        while (Run("(Test-MetalLBWebhook).Healthy").ThrowIfFailed().Strings.Single() != "True" && DateTime.UtcNow < end)
        {
            Thread.Sleep(200);
        }

        Assert.Equal(["True "], Run("Test-MetalLBWebhook | ForEach-Object { \"$($_.Healthy) $($_.Reason)\" }").ThrowIfFailed().Strings);
    }

    private string? Version() => Run("(Get-HomelabObject Secret/metallb-system/metallb-webhook-cert).metadata.resourceVersion").ThrowIfFailed().Strings.Single();

    private string Journal() => string.Concat(Directory.EnumerateFiles(Path.Combine(_state, "journal")).Select(File.ReadAllText));

    private Testing.Engine.Result Run(string script)
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", _state);
        return sandbox.Run(script);
    }
}
