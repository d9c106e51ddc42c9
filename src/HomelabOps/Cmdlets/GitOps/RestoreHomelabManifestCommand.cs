using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core.GitOps.Git;
using HomelabOps.Core.GitOps.History;
using HomelabOps.Core.Volumes;

namespace HomelabOps.Cmdlets.GitOps;

/// <summary>Brings deleted manifests back as they were, with the entries of kustomization files that led to them.</summary>
[Cmdlet(VerbsData.Restore, "HomelabManifest", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Restore-HomelabManifest.md")]
[OutputType(typeof(GitOpsChange))]
[RequiresAccess("list,watch,patch", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch,patch", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("get,create,patch", "*", "*")]
[RequiresAccess("list,patch", "", "persistentvolumes")]
public sealed class RestoreHomelabManifestCommand : GitOpsChangeCmdlet
{
    /// <summary>The application.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AppCompleter))]
    public string? App { get; set; }

    /// <summary>Files and folders of the repository, with wildcards.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Clears the claim of Released volumes without a question.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void End()
    {
        if (App is null && Path.Length == 0)
        {
            throw Core.Errors.NameRequired();
        }

        var scope = Scope(App is null ? [] : [App], Path, FindRepository());
        var committer = Committer();
        var (edit, claims) = Await(stop => committer.ReadAsync((git, tip, name) =>
        {
            var found = RestoreFinder.Find(git, tip, scope) ?? throw Core.Errors.ManifestNotDeleted(scope.ToString(), name);
            return (found, RestoredClaims.Of(found, new GitTreeFiles(git, tip.Tree), scope));
        }, stop));
        if (Change(committer, edit, App ?? "", () => Release(claims)) is { } done)
        {
            WriteObject(done);
        }
        else if (MyInvocation.BoundParameters.ContainsKey("WhatIf"))
        {
            Release(claims);
        }
    }

    // The deleted claim is still written in its volume, so the new one would wait for ever, and Flux for it.
    private void Release(IReadOnlyCollection<(string Namespace, string Name)> claims)
    {
        if (claims.Count == 0 || ConnectedClient() is not { } client)
        {
            return;
        }

        foreach (var volume in Await(stop => ReleasedVolumes.FindAsync(client, claims, stop)))
        {
            var (yes, no) = (Force.IsPresent, false);
            if (ShouldProcess(Messages.VolumeRelease(volume), Messages.VolumeReleaseQuestion(volume), Messages.Confirm)
                && (Force || ShouldContinue(Messages.VolumeReleaseQuestion(volume), Messages.Confirm, ref yes, ref no)))
            {
                Await(stop => ReleasedVolumes.ClearAsync(client, volume, Journal, stop));
            }
        }
    }
}
