using System.Management.Automation;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>Values of applications are found and changed on the embedded homelab, with its real Git repository and Flux.</summary>
[Collection(nameof(Alone))]
public sealed class AppEditTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    private const string Manifest = "clusters/homelab/apps/media/sonarr/deployment.yaml";

    private readonly string _state = Directory.CreateTempSubdirectory("homelabops-state-").FullName;

    private string Clone => Run("(Get-HomelabConnection).Repository").ThrowIfFailed().Strings.Single()!;

    private string Tip => Git("ls-remote", "origin", "refs/heads/main")[..40];

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", null);
        Directory.Delete(_state, recursive: true);
    }

    [Fact]
    public void The_values_of_the_repository_are_those_that_run()
    {
        var image = Run("Get-HomelabManifest sonarr -Field Image").ThrowIfFailed().Output.Single();
        Assert.Equal((Manifest, "Manifest", "sonarr"), (Text(image, "File"), image.Properties["Mechanism"].Value.ToString(), Text(image, "App")));
        Assert.Equal(Run("(Get-HomelabObject Deployment/media/sonarr).spec.template.spec.containers[0].image").Strings, [Text(image, "Value")]);
        Assert.Equal(["sonarr"], Run("Get-HomelabPod -App sonarr | Get-HomelabManifest -Field Replicas | ForEach-Object App").ThrowIfFailed().Strings);
        Assert.Equal(["sonarr"], Run("Get-HomelabObject Deployment/media/sonarr | Get-HomelabManifest -Field Replicas | ForEach-Object App").ThrowIfFailed().Strings);
    }

    [Fact]
    public void An_image_is_shown_first_then_changed_pushed_and_applied()
    {
        var before = Tip;
        Assert.Empty(Run("Set-HomelabAppImage sonarr -Tag 4.0.99 -WhatIf").ThrowIfFailed().Output);
        Assert.Equal(before, Tip);

        var change = Run("Set-HomelabAppImage sonarr -Tag 4.0.99 -TimeoutSeconds 120").ThrowIfFailed().Output.Single();
        Assert.Equal(("sonarr", "Update sonarr to 4.0.99", Tip, true), (Text(change, "App"), Text(change, "Subject"), Text(change, "Commit"), (bool)change.Properties["RolledOut"].Value));
        Assert.EndsWith(":4.0.99", Assert.Single(Run("(Get-HomelabObject Deployment/media/sonarr).spec.template.spec.containers[0].image").ThrowIfFailed().Strings), StringComparison.Ordinal);
        Assert.Equal("", Git("status", "--porcelain"));
        Assert.Equal($"1\t1\t{Manifest}", Git("show", "--numstat", "--format=", "HEAD"));

        var again = Run("Set-HomelabAppImage sonarr -Tag 4.0.99").ThrowIfFailed().Output.Single();
        Assert.Empty((System.Collections.IEnumerable)again.Properties["Files"].Value);
        Assert.Equal(Text(change, "Commit"), Tip);
    }

    [Fact]
    public void A_tag_that_Flux_updates_itself_is_a_warning_also_before_the_change()
    {
        Git("pull", "--quiet");
        var place = Run("Get-HomelabManifest radarr -Field Image").ThrowIfFailed().Output.Single();
        var (file, line) = (Path.Combine(Clone, Text(place, "File")), (int)place.Properties["Line"].Value);
        var lines = File.ReadAllLines(file);
        lines[line - 1] += " # {\"$imagepolicy\": \"flux-system:radarr\"}";
        File.WriteAllLines(file, lines);
        Git("-c", "user.name=Anna", "-c", "user.email=anna@example.org", "commit", "--quiet", "-am", "Mark radarr");
        Git("push", "--quiet", "origin", "HEAD");

        foreach (var end in new[] { "-WhatIf", "-NoWait" })
        {
            var warning = Assert.Single(Run($"$null = Set-HomelabAppImage radarr -Tag 7.0 {end}").ThrowIfFailed().Warnings);
            Assert.StartsWith($"{Text(place, "File")}:{line} ", warning, StringComparison.Ordinal);
            Assert.Contains("'flux-system/radarr'", warning, StringComparison.Ordinal);
        }

        Assert.Empty(Run("$null = Set-HomelabAppReplica radarr 2 -WhatIf").ThrowIfFailed().Warnings);
        Assert.Single(Run("$null = Undo-GitOpsChange -Last -NoWait").ThrowIfFailed().Warnings);
    }

    [Fact]
    public void A_number_for_a_while_is_not_in_Git_and_says_until_when()
    {
        var before = Tip;
        Assert.Empty(Run("Set-HomelabAppReplica radarr 0 -Temporary -WhatIf").ThrowIfFailed().Output);
        Assert.Equal(["1"], Run("(Get-HomelabObject Deployment/media/radarr).spec.replicas").ThrowIfFailed().Strings);

        var result = Run("Set-HomelabAppReplica radarr 0 -Temporary -NoWait");
        Assert.Equal([0], result.ThrowIfFailed().Values("Replicas"));
        Assert.Contains("Kustomization/flux-system/apps takes it back", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(before, Tip);
        Run("$null = Invoke-FluxReconcile Kustomization/apps -TimeoutSeconds 60").ThrowIfFailed();
        Assert.Equal(["1"], Run("(Get-HomelabObject Deployment/media/radarr).spec.replicas").ThrowIfFailed().Strings);

        // Flux takes nothing back of what it leaves alone, and what a commit changes of it has not rolled out.
        Run("$null = Stop-HomelabApp radarr -TimeoutSeconds 120").ThrowIfFailed();
        Assert.Contains("until Start-HomelabApp", Assert.Single(Run("$null = Set-HomelabAppReplica radarr 2 -Temporary -NoWait").ThrowIfFailed().Warnings), StringComparison.Ordinal);
        result = Run("Set-HomelabAppResource radarr -MemoryLimit 3Gi -TimeoutSeconds 120").ThrowIfFailed();
        Assert.Equal([false], result.Values("RolledOut"));
        Assert.Contains(result.Warnings, warning => warning.Contains("Flux leaves Deployment/media/radarr alone", StringComparison.Ordinal));
        Run("$null = Start-HomelabApp radarr -TimeoutSeconds 120; $null = Undo-GitOpsChange -Last -TimeoutSeconds 120").ThrowIfFailed();

        Assert.Equal(["AppNotScalable"], Run("Set-HomelabAppReplica media-report 2 -Temporary").ErrorIds);
        Assert.Equal(["ReplicasInvalid"], Run("Set-HomelabAppReplica radarr -1 -Temporary").ErrorIds);
    }

    [Fact]
    public void Replicas_and_resources_are_changed_by_pipe_and_taken_back()
    {
        var change = Run("Get-HomelabManifest prowlarr -Field Replicas | Set-HomelabAppReplica -Replicas 0 -TimeoutSeconds 120").ThrowIfFailed().Output.Single();
        Assert.Equal("Scale prowlarr to 0", Text(change, "Subject"));
        Assert.Equal(["0"], Run("(Get-HomelabObject Deployment/media/prowlarr).spec.replicas").ThrowIfFailed().Strings);

        change = Run("'prowlarr' | Set-HomelabAppResource -MemoryLimit 3Gi -CpuRequest 20m -TimeoutSeconds 120").ThrowIfFailed().Output.Single();
        Assert.Equal("Set cpu request 20m, memory limit 3Gi of prowlarr", Text(change, "Subject"));
        Assert.Equal(["3Gi", "20m"], Run("$r = (Get-HomelabObject Deployment/media/prowlarr).spec.template.spec.containers[0].resources; $r.limits.memory; $r.requests.cpu").ThrowIfFailed().Strings);

        Run("$null = Undo-GitOpsChange -Last -TimeoutSeconds 120").ThrowIfFailed();
        Assert.Equal(["0"], Run("Get-HomelabManifest prowlarr -Field Replicas | ForEach-Object Value").ThrowIfFailed().Strings);
        Assert.DoesNotContain("3Gi", Run("Get-HomelabManifest prowlarr -Field Resources | ForEach-Object Value").ThrowIfFailed().Strings);
    }

    [Fact]
    public void A_wildcard_means_all_that_match_and_each_is_a_change_of_its_own()
    {
        var before = Tip;
        Assert.Empty(Run("Set-HomelabAppImage media/[rs]?*arr -Tag 4.0.77 -WhatIf; Set-HomelabAppReplica media/[rs]?*arr 3 -Temporary -WhatIf").ThrowIfFailed().Output);
        Assert.Empty(Run("Set-HomelabAppImage none-* -Tag 4.0.77; Set-HomelabAppReplica none-* 3 -Temporary").ThrowIfFailed().Output);

        // A release is no DaemonSet, whatever its chart makes.
        var none = Run("Set-HomelabAppReplica DaemonSet/media/* 0 -NoWait").ThrowIfFailed();
        Assert.Equal((0, 0), (none.Output.Count, none.Errors.Count));
        Assert.Equal(before, Tip);

        var changes = Run("Set-HomelabAppImage media/[rs]?*arr -Tag 4.0.77 -NoWait").ThrowIfFailed().Output;
        Assert.Equal(["radarr", "sonarr"], changes.Select(change => Text(change, "App")).Order(StringComparer.Ordinal).Where(app => app is "radarr" or "sonarr"));
        Assert.Equal(changes.Count, changes.Select(change => Text(change, "Commit")).Distinct().Count());
        Assert.Equal($"{changes.Count}", Git("rev-list", "--count", $"{before}..{Tip}"));

        // What has no number of pods keeps nobody else from his, and both ways say so in the same way.
        var some = Run("Set-HomelabAppReplica metallb-system/* 1 -WhatIf; 'after'");
        Assert.Equal(["after"], some.Strings);
        Assert.Equal(["AppFieldMissing"], some.ErrorIds);
        var scaled = Run("Set-HomelabAppReplica media/[mr][ea]d[ia]* 2 -NoWait");
        Assert.Contains("radarr", scaled.Output.Select(change => Text(change, "App")));
        Assert.NotEmpty(scaled.Errors);
        Assert.All(scaled.ErrorIds, id => Assert.Equal("AppFieldMissing", id));
        var live = Run("Set-HomelabAppReplica media/[mr][ea]d[ia]* 1 -Temporary -NoWait");
        Assert.Contains("radarr", live.Values("Name"));
        Assert.NotEmpty(live.Errors);
        Assert.All(live.ErrorIds, id => Assert.Equal("AppNotScalable", id));
        foreach (var change in scaled.Output.Concat(changes))
        {
            Run($"$null = Undo-GitOpsChange -Commit '{Text(change, "Commit")}' -NoWait").ThrowIfFailed();
        }

        Run("$null = Invoke-FluxReconcile Kustomization/apps -WithSource -TimeoutSeconds 120").ThrowIfFailed();
    }

    [Fact]
    public void An_application_and_a_change_of_it_pipe_on()
    {
        var pods = Run("Get-HomelabPod -App sonarr | ForEach-Object Name").ThrowIfFailed().Strings;
        Assert.NotEmpty(pods);
        var piped = Run("Get-HomelabApp sonarr | Get-HomelabPod | ForEach-Object Name").ThrowIfFailed();
        Assert.Empty(piped.Warnings);
        Assert.Equal(pods, piped.Strings);
        Assert.Empty(Run("(Get-HomelabApp sonarr), (Get-HomelabPod -App radarr)[0] | Get-HomelabLog -Tail 1").ThrowIfFailed().Warnings);
        Assert.Equal(pods, Run("Get-HomelabApp sonarr | Get-HomelabLog -Tail 1 | ForEach-Object Pod").ThrowIfFailed().Strings.Distinct());

        var files = Run("Get-HomelabApp sonarr | Get-HomelabManifestHistory | ForEach-Object File").ThrowIfFailed().Strings;
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Contains("sonarr", file, StringComparison.Ordinal));
        Assert.Empty(Run("Get-HomelabApp none-* | Get-HomelabManifestHistory").ThrowIfFailed().Output);
        Assert.Single(Run("5 | Get-HomelabManifestHistory").ThrowIfFailed().Warnings);

        var done = Run("Set-HomelabAppImage sonarr -Tag 4.0.88 -NoWait | Wait-HomelabRollout -Reconcile -TimeoutSeconds 120").ThrowIfFailed().Output.Single();
        Assert.Equal((Tip, true), (Text(done, "Commit"), (bool)done.Properties["Complete"].Value));
        Run("$null = Undo-GitOpsChange -Last -TimeoutSeconds 120").ThrowIfFailed();
    }

    [Fact]
    public void What_leads_to_no_application_is_a_warning()
    {
        var result = Run("[HomelabOps.ResourceReference]::new('', 'Node', '', 'k3s-w1') | Set-HomelabAppReplica -Replicas 1").ThrowIfFailed();
        Assert.Empty(result.Output);
        Assert.Single(result.Warnings);
    }

    [Theory]
    [InlineData("Set-HomelabAppImage none -Tag 1", "AppNotFound")]
    [InlineData("Set-HomelabAppImage sonarr", "ImageRequired")]
    [InlineData("Set-HomelabAppImage sonarr a/b:1 -Tag 1", "ImageRequired")]
    [InlineData("Set-HomelabAppImage sonarr linuxserver/sonarr", "ImageTagRequired")]
    [InlineData("Set-HomelabAppImage sonarr 'no image'", "ImageInvalid")]
    [InlineData("Set-HomelabAppImage sonarr -Tag 1 -Container none", "ContainerNotFound")]
    [InlineData("Set-HomelabAppImage sonarr -Tag 1 -Repository ./none", "PathNotFound")]
    [InlineData("Set-HomelabAppReplica sonarr -1", "ReplicasInvalid")]
    [InlineData("Set-HomelabAppResource sonarr", "ResourceRequired")]
    [InlineData("Set-HomelabAppResource sonarr -MemoryLimit lots", "QuantityInvalid")]
    [InlineData("'a/b/c/d' | Set-HomelabAppReplica -Replicas 1", "NotAReference")]
    public void What_cannot_be_done_is_an_error_and_changes_nothing(string script, string id)
    {
        var before = Tip;
        Assert.Equal(id, Assert.Single(Run(script).Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(before, Tip);
    }

    [Fact]
    public void An_unknown_name_is_told_with_the_place_that_was_searched()
    {
        Assert.Contains(Clone, Assert.Single(Run("Set-HomelabAppImage none -Tag 1").Errors).ToString(), StringComparison.Ordinal);
        Assert.Contains("'traefik' below clusters/homelab/apps", Assert.Single(Run("Remove-HomelabApp traefik -Confirm:$false").Errors).ToString(), StringComparison.Ordinal);
    }

    private static string Text(PSObject item, string property) => (string)item.Properties[property].Value;

    private string Git(params string[] arguments) => HomelabClone.Git(Clone, arguments);

    private Engine.Result Run(string script, params (string Name, object? Value)[] variables)
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", _state);
        return sandbox.Engine.Run(script, variables);
    }
}
