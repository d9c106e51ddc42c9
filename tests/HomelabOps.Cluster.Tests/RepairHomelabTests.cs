namespace HomelabOps.Cluster.Tests;

/// <summary>Repair-Homelab on the embedded homelab.</summary>
[Collection(nameof(Alone))]
public sealed class RepairHomelabTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    private readonly string _state = Directory.CreateTempSubdirectory("homelabops-state-").FullName;

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", null);
        Directory.Delete(_state, recursive: true);
    }

    [Fact]
    public void What_is_safe_to_mend_is_mended_and_tested_again()
    {
        Until("Test-Homelab | ForEach-Object { \"$_\" }");
        Run("$null = Suspend-FluxResource Kustomization/apps -Duration 1s").ThrowIfFailed();
        Until("(Test-Homelab -Area Flux).Reason", "SuspensionOverdue");

        Assert.Empty(Run("Test-Homelab -Area Flux | Repair-Homelab -WhatIf").ThrowIfFailed().Output);
        Assert.Equal(["True"], Run("(Get-FluxKustomization apps -Namespace flux-system).Suspended").ThrowIfFailed().Strings);
        Assert.Equal(["Gone ResumeFlux Kustomization/flux-system/apps True"], Run("Test-Homelab -Area Flux | Repair-Homelab -Confirm:$false -TimeoutSeconds 90 | ForEach-Object { \"$($_.Result) $($_.Action) $($_.Changed)\" }").ThrowIfFailed().Strings);
        Assert.Equal(["False"], Run("(Get-FluxKustomization apps -Namespace flux-system).Suspended").ThrowIfFailed().Strings);
        Assert.Contains("Kustomization", string.Concat(Directory.EnumerateFiles(Path.Combine(_state, "journal")).Select(File.ReadAllText)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wanted_so_by_now_is_not_mended_for_a_finding_of_before()
    {
        Run("$null = Suspend-FluxResource Kustomization/infrastructure-metallb -Duration 1s").ThrowIfFailed();
        Until("(Test-Homelab -Area Flux).Reason", "SuspensionOverdue");
        try
        {
            Assert.Equal(["Skipped False True"], Run("""
                $finding = Test-Homelab -Area Flux
                $null = Suspend-FluxResource Kustomization/infrastructure-metallb -Reason 'Do not touch.' -Duration 1h
                $repair = $finding | Repair-Homelab -Confirm:$false
                "$($repair.Result) $($repair.Changed) $((Get-FluxKustomization infrastructure-metallb).Suspended)"
                """).ThrowIfFailed().Strings);
        }
        finally
        {
            Run("$null = Resume-FluxResource Kustomization/infrastructure-metallb").ThrowIfFailed();
        }
    }

    [Fact]
    public void Where_nothing_had_to_be_done_nothing_is_changed() => Assert.Equal(["Gone False"], Run("""
        $target = [HomelabOps.ResourceReference]::new((Get-HomelabConnection).Name, 'Deployment', 'media', 'sonarr')
        $finding = [HomelabOps.HomelabFinding]@{Area = 'Pod'; Reason = 'PodEvicted'; Target = $target; Repair = [HomelabOps.HomelabRepairAction]@{Kind = 'DeleteFailedPods'; Target = $target}}
        $finding | Repair-Homelab -Confirm:$false | ForEach-Object { "$($_.Result) $($_.Changed)" }
        """).ThrowIfFailed().Strings);

    [Fact]
    public void What_nothing_safe_is_known_for_is_passed_on_with_what_to_do()
    {
        var repair = Run("[HomelabOps.HomelabFinding]@{Reason = 'ImageNotFound'; Remedy = 'Correct the tag.'} | Repair-Homelab -Confirm:$false").ThrowIfFailed().Output.Single();
        Assert.Equal(("Skipped", "Correct the tag.", false), ($"{repair.Properties["Result"].Value}", (string)repair.Properties["Message"].Value, (bool)repair.Properties["Changed"].Value));
    }

    [Fact]
    public void What_gives_something_up_is_done_only_where_it_is_chosen()
    {
        const string Finding = """
            $target = [HomelabOps.ResourceReference]::new((Get-HomelabConnection).Name, 'Deployment', 'metallb-system', 'controller')
            $finding = [HomelabOps.HomelabFinding]@{Area = 'MetalLB'; Reason = 'WebhookExpired'; Target = $target; Choices = [HomelabOps.HomelabRepairAction[]]@([HomelabOps.HomelabRepairAction]@{Kind = 'DisableWebhook'; Target = $target})}

            """;
        Assert.Equal(["Skipped"], Run(Finding + "$finding | Repair-Homelab -Confirm:$false | ForEach-Object { \"$($_.Result)$($_.Action)\" }").ThrowIfFailed().Strings);
        Assert.Equal(["ParameterArgumentValidationError"], Run(Finding + "$finding | Repair-Homelab -Choice StartApp -Confirm:$false").ErrorIds);
        var other = Run("[HomelabOps.HomelabFinding]@{Remedy = 'Wait.'; Repair = [HomelabOps.HomelabRepairAction]@{Kind = 'RenewWebhookCert'; Target = [HomelabOps.ResourceReference]::new((Get-HomelabConnection).Name, 'Deployment', 'metallb-system', 'controller')}} | Repair-Homelab -Choice DisableWebhook -Confirm:$false | ForEach-Object { \"$($_.Result)$($_.Action) $($_.Message)\" }").ThrowIfFailed().Strings;
        Assert.StartsWith("Skipped DisableWebhook was chosen", Assert.Single(other), StringComparison.Ordinal);
        Assert.Empty(Run(Finding + "$finding | Repair-Homelab -Choice DisableWebhook -WhatIf").ThrowIfFailed().Output);

        // Whether it is healthy as well is up to other tests, which renew its certificate at the same time.
        Assert.Equal(["enabled"], Run("Test-MetalLBWebhook | ForEach-Object { \"$($_.WebhookMode)\" }").ThrowIfFailed().Strings);
    }

    [Fact]
    public void Whoever_does_not_wait_is_told_that_nobody_has_looked()
    {
        var repair = Run("""
            $target = [HomelabOps.ResourceReference]::new((Get-HomelabConnection).Name, 'Kustomization', 'flux-system', 'apps')
            [HomelabOps.HomelabFinding]@{Area = 'Flux'; Reason = 'BehindSource'; Target = $target; Repair = [HomelabOps.HomelabRepairAction]@{Kind = 'ReconcileFlux'; Target = $target}} | Repair-Homelab -NoWait -Confirm:$false
            """).ThrowIfFailed().Output.Single();
        Assert.Equal(("Unknown", true), ($"{repair.Properties["Result"].Value}", (bool)repair.Properties["Changed"].Value));
        Assert.Contains("nobody has looked", (string)repair.Properties["Message"].Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'sonarr' | Repair-Homelab -Confirm:$false", "FindingRequired")]
    [InlineData("[HomelabOps.HomelabFinding]@{Repair = [HomelabOps.HomelabRepairAction]@{Kind = 'StartApp'; Target = [HomelabOps.ResourceReference]::new((Get-HomelabConnection).Name, 'Deployment', 'media', 'gone')}} | Repair-Homelab -Confirm:$false", "RepairTargetGone")]
    public void What_cannot_be_repaired_is_an_error(string script, string id) => Assert.Equal([id], Run(script).ErrorIds);

    private Testing.Engine.Result Run(string script)
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", _state);
        return sandbox.Run(script);
    }

    private void Until(string script, params string[] expected)
    {
        var end = DateTime.UtcNow + TimeSpan.FromSeconds(120);
        IReadOnlyList<string?> found;
        while (!(found = [.. Run(script).ThrowIfFailed().Strings]).SequenceEqual(expected) && DateTime.UtcNow < end)
        {
            Thread.Sleep(250);
        }

        Assert.Equal(expected, found);
    }
}
