using System.Management.Automation;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>The roles of deploy/rbac on a real API server, each bound to somebody who has nothing else.</summary>
[Collection(nameof(Alone))]
public sealed class RoleLabTests : IDisposable
{
    private readonly Engine _engine = new();
    private readonly TemporaryFolder _folder = new();
    private readonly LabApi _api;
    private readonly List<string> _made = [];
    private readonly string _user = $"homelabops-test-{Guid.NewGuid():N}"[..24];

    public RoleLabTests()
    {
        _ = Lab.KubeConfig;
        _api = new();
    }

    public void Dispose()
    {
        _made.ForEach(path => _api.Call(HttpMethod.Delete, path));
        _api.Dispose();
        _engine.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Who_may_only_read_sees_what_the_reading_cmdlets_show_and_changes_nothing()
    {
        Grant("homelabops-read");
        foreach (var script in new[] { "Get-HomelabNode", "Get-HomelabPod", "Get-HomelabEvent", "Get-HomelabApp", "Get-HomelabVolume", "Get-FluxStatus", "Get-FluxSource", "Get-FluxKustomization", "Get-FluxHelmRelease", "Get-FluxEvent", "Get-FluxLog -Tail 1", "Get-VolSyncStatus", "Get-HomelabUsage", "Connect-Homelab; Disconnect-Homelab", "New-HomelabConfig -WhatIf" })
        {
            var result = Run(script);
            Assert.True(Refused(result).Count == 0, $"{script}: {string.Join('\n', Refused(result))}");
        }

        using var ground = new LabNamespace();
        ground.AddKustomization("mine");
        Assert.NotEmpty(Refused(Run($"Suspend-FluxResource Kustomization/{ground.Name}/mine -Confirm:$false")));
        Assert.NotEmpty(Refused(Run("Get-HomelabObject Secret/*")));
    }

    [Fact]
    public void Who_may_look_as_well_lacks_nothing()
    {
        Grant("homelabops-read", "homelabops-secrets", "homelabops-look");
        foreach (var script in new[] { "Test-Homelab", "Test-MetalLBWebhook", "Get-PodStorage", "Test-NfsMount", "Test-PvcBinding", "Get-HomelabBackup", $"Export-HomelabReport '{_folder.Path}'" })
        {
            var result = Run(script);
            Assert.True(Refused(result).Count == 0, $"{script}: {string.Join('\n', Refused(result))}");
        }
    }

    [Fact]
    public void The_role_of_Flux_suspends_and_resumes()
    {
        Grant("homelabops-flux");
        using var ground = new LabNamespace();
        ground.AddKustomization("mine");
        Assert.DoesNotContain(Run($"Suspend-FluxResource Kustomization/{ground.Name}/mine -Confirm:$false").ThrowIfFailed().Warnings, IsRefusal);
        Assert.DoesNotContain(Run($"Resume-FluxResource Kustomization/{ground.Name}/mine -Confirm:$false -NoWait").ThrowIfFailed().Warnings, IsRefusal);
        Assert.NotEmpty(Refused(Run($"Remove-HomelabPod {ground.Name}/none -Confirm:$false")));
    }

    [Fact]
    public void The_role_of_the_cluster_deletes_a_pod_and_runs_commands_in_one()
    {
        Grant("homelabops-cluster");
        using var ground = new LabNamespace();
        ground.AddPod("mine", "sleep 600");
        _ = _engine.Run($"for ($i = 0; $i -lt 600 -and -not (Get-HomelabPod {ground.Name}/mine -KubeConfig '{Lab.KubeConfig}').Ready; $i++) {{ [System.Threading.Thread]::Sleep(100) }}");
        Assert.Equal(["hello"], Run($"(Invoke-HomelabPod {ground.Name}/mine -Container first -Command echo, hello KUBECONFIG).Output.Trim()").ThrowIfFailed().Strings);
        _ = Run($"Remove-HomelabPod {ground.Name}/mine -Force -Confirm:$false").ThrowIfFailed();
    }

    // Under names of its own, since others may work with the lab.
    private void Grant(params string[] roles)
    {
        foreach (var role in roles)
        {
            var text = File.ReadAllText(Path.Combine(Root(), "deploy", "rbac", $"{role}.yaml")).Replace($"name: {role}\n", $"name: {_user}-{role}\n", StringComparison.Ordinal);
            _api.Send(HttpMethod.Post, "/apis/rbac.authorization.k8s.io/v1/clusterroles", text, "application/yaml");
            _made.Add($"/apis/rbac.authorization.k8s.io/v1/clusterroles/{_user}-{role}");
            _api.Send(HttpMethod.Post, "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", $$$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"{{{_user}}}-{{{role}}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{{{_user}}}-{{{role}}}"},"subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"{{{_user}}}"}]}""");
            _made.Add($"/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/{_user}-{role}");
        }

        _folder.File("config", KubeConfigs.Of(Lab.Field("server"), $"certificate-authority: {Lab.Field("certificate-authority")}", $"{{token: {Lab.Field("token")}, as: {_user}}}"));
    }

    private Engine.Result Run(string script)
    {
        var config = $"-KubeConfig '{Path.Combine(_folder.Path, "config")}'";
        return _engine.Run(script.Contains("KUBECONFIG", StringComparison.Ordinal) ? script.Replace("KUBECONFIG", config, StringComparison.Ordinal) : script.Contains(';', StringComparison.Ordinal) ? script.Replace(";", $" {config};", StringComparison.Ordinal) : $"{script} {config}");
    }

    private static List<string> Refused(Engine.Result result) =>
        [.. result.Errors.Where(error => error.CategoryInfo.Category == ErrorCategory.PermissionDenied).Select(error => error.ToString()), .. result.Warnings.Where(IsRefusal)];

    private static bool IsRefusal(string warning) => warning.Contains("You may not", StringComparison.OrdinalIgnoreCase) || warning.Contains("forbidden", StringComparison.OrdinalIgnoreCase);

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Module.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        return folder;
    }
}
