using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>The page that takes the place of the operations runbook: it leaves no section out, and each of its lines works.</summary>
[Collection(nameof(Alone))]
public sealed class RunbookTests(SandboxFixture sandbox) : JournaledTest(sandbox), IClassFixture<SandboxFixture>
{
    private const string Deletion = "RECOVERING FROM ACCIDENTAL DELETION";

    // As the runbook has them; each has commands there.
    private static readonly string[] Sections =
    [
        "NFS MEDIA LIBRARY", "POD STORAGE SYNCHRONIZATION", "CLUSTER HEALTH", "FLUX STATUS", "APPLICATION STATUS", "FLUX NOT RECONCILING", "PVC NOT BINDING", "APPLICATION POD NOT STARTING",
        "VOLSYNC REPLICATION NOT SYNCING", "METALLB CONTROLLER NOT STARTING", "ADDING A NEW APPLICATION", "SCALING AN APPLICATION", "UPDATING AN APPLICATION", "MANUAL FAILOVER",
        "FULL CLUSTER RECOVERY FROM GIT", Deletion, "PERFORMANCE AND RESOURCE LIMITS",
    ];

    private string Clone => Run("(Get-HomelabConnection).Repository").ThrowIfFailed().Strings.Single()!;

    [Fact]
    public void No_section_of_the_runbook_is_left_out() => Assert.Equal(Sections, Read().Select(section => section.Name));

    [Fact]
    public void Each_line_works_on_the_embedded_homelab()
    {
        foreach (var (name, lines) in Read())
        {
            Prepare(name);
            foreach (var line in lines)
            {
                // The embedded homelab reads its repository from this machine, and that says where it would be at home.
                var told = line == "Restore-HomelabCluster -WhatIf" ? line + " -Force" : line;
                var errors = Run($"$ConfirmPreference = 'None'; {told}").Errors;
                Assert.True(errors.Count == 0, $"{name}: {line}\n{string.Join('\n', errors)}");
            }
        }

        Assert.Equal(["lscr.io/linuxserver/sonarr:4.0.17"], Run("(Get-HomelabApp sonarr).Images").ThrowIfFailed().Strings);
        Assert.Equal(["Completed Completed"], Run("\"$((Get-HomelabOperation).Status)\"").ThrowIfFailed().Strings);
        Assert.Equal(["0"], Run("(Get-HomelabManifest whoami -Field Replicas).Value").ThrowIfFailed().Strings);
        Assert.Equal(["k3s-w1"], Run("(Get-HomelabApp sonarr).Node").ThrowIfFailed().Strings);
    }

    private void Prepare(string section)
    {
        if (section == "MANUAL FAILOVER")
        {
            Until("if (-not (Get-SyncthingReplication -App sonarr | Where-Object InSync -EQ $false)) { 'both are in sync' }");
        }
        else if (section == Deletion)
        {
            // Somebody deletes an application's manifest.
            var file = Run("(Get-HomelabManifest whoami -Field Image).File").ThrowIfFailed().Strings.Single()!;
            var list = Path.Combine(Clone, Path.GetDirectoryName(file)!, "kustomization.yaml");
            HomelabClone.Git(Clone, "rm", "-q", file);
            File.WriteAllLines(list, File.ReadAllLines(list).Where(line => !line.Contains(Path.GetFileName(file), StringComparison.Ordinal)));
            HomelabClone.Git(Clone, "commit", "-q", "-a", "-m", "Tidy up");
            HomelabClone.Git(Clone, "push", "-q");
        }
    }

    private static List<(string Name, List<string> Lines)> Read()
    {
        var sections = new List<(string Name, List<string> Lines)>();
        var isCode = false;
        foreach (var line in File.ReadLines(Path.Combine(Build.RepositoryRoot, "docs", "about", "about_HomelabOps_Runbook.md")))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isCode = !isCode;
            }
            else if (isCode)
            {
                sections[^1].Lines.Add(line);
            }
            else if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                sections.Add((line[3..], []));
            }
        }

        return [.. sections.Where(section => section.Lines.Count > 0)];
    }
}
