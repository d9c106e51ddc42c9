using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Git;
using HomelabOps.Core.GitOps.History;
using HomelabOps.Core.Volumes;

namespace HomelabOps.Cmdlets.GitOps;

/// <summary>Brings deleted manifests back as they were, with the entries of kustomization files that led to them.</summary>
[Cmdlet(VerbsData.Restore, "HomelabManifest", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Restore-HomelabManifest.md")]
[OutputType(typeof(GitOpsChange))]
[RequiresAccess("list,watch,patch", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch,patch", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("list,watch,patch", "helm.toolkit.fluxcd.io", "helmreleases")]
[RequiresAccess("get,list,watch", "apps", "*")]
[RequiresAccess("list,watch", "", "pods")]
[RequiresAccess("get,create,patch", "*", "*")]
[RequiresAccess("list", "", "persistentvolumeclaims")]
[RequiresAccess("list,patch", "", "persistentvolumes")]
public sealed class RestoreHomelabManifestCommand : GitOpsChangeCmdlet
{
    private RestoreRecord? _record;

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
        var (edit, claims, rest) = Await(stop => committer.ReadAsync((git, tip, name) =>
        {
            // An older deletion is not what an earlier call was to bring back.
            _record = new(Journal, name, scope);
            var isLeft = _record.Find() && RestoreFinder.IsBack(git, tip, scope, stop);
            var files = new GitTreeFiles(git, tip.Tree);
            var found = isLeft ? null : RestoreFinder.Find(git, tip, scope, stop);
            return (found, found is null ? RestoredClaims.There(files, scope) : RestoredClaims.Of(found, files, scope), (name, git.Info.IsShallow, isLeft));
        }, stop));
        var done = edit is null ? Finish(committer, scope, claims, rest) : Change(committer, edit, App ?? "", () => Release(Released(claims)));
        if (done is not null)
        {
            // What was waited for and did not come is left to do; who does not wait has done all.
            if (done.RolledOut || NoWait || ConnectedClient() is null)
            {
                _record?.End();
            }

            WriteObject(done);
        }
        else if (edit is not null && MyInvocation.BoundParameters.ContainsKey("WhatIf"))
        {
            Release(Released(claims));
        }
    }

    private protected override void Changing() => _record?.Begin();

    // An earlier call may have been ended after its push; the volumes and the waiting are what is left to do then.
    private GitOpsChange? Finish(RepositoryCommitter committer, ManifestScope scope, IReadOnlyCollection<(string Namespace, string Name)> claims, (string Name, bool IsShallow, bool IsLeft) repository)
    {
        var volumes = Released(claims);
        if (volumes.Count == 0 && !repository.IsLeft)
        {
            throw Core.Errors.ManifestNotDeleted(scope.ToString(), repository.Name, repository.IsShallow);
        }

        var isWanted = volumes.Count > 0 ? Release(volumes) : ShouldProcess(Messages.RestoreFinish(scope), Messages.RestoreFinishQuestion(scope), Messages.Confirm);
        return isWanted ? Deliver(committer, RestoreEdit.OfNothing(scope), App ?? "", scope.Has) : null;
    }

    // The deleted claim is still written in its volume, so the new one would wait for ever, and Flux for it.
    private IReadOnlyList<ReleasedVolume> Released(IReadOnlyCollection<(string Namespace, string Name)> claims) =>
        claims.Count == 0 || ConnectedClient() is not { } client ? [] : Await(stop => ReleasedVolumes.FindAsync(client, claims, stop));

    private bool Release(IReadOnlyList<ReleasedVolume> volumes)
    {
        var isDone = false;
        foreach (var volume in volumes)
        {
            var (yes, no) = (Force.IsPresent, false);
            if (ShouldProcess(Messages.VolumeRelease(volume), Messages.VolumeReleaseQuestion(volume), Messages.Confirm)
                && (Force || ShouldContinue(Messages.VolumeReleaseQuestion(volume), Messages.Confirm, ref yes, ref no)))
            {
                Await(stop => ReleasedVolumes.ClearAsync(ConnectedClient()!, volume, Journal, stop));
                isDone = true;
            }
        }

        return isDone;
    }
}
