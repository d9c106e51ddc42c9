using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Completion;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Git;
using HomelabOps.Core.GitOps.History;

namespace HomelabOps.Cmdlets.GitOps;

/// <summary>Brings deleted manifests back as they were, with the entries of kustomization files that led to them.</summary>
[Cmdlet(VerbsData.Restore, "HomelabManifest", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Restore-HomelabManifest.md")]
[OutputType(typeof(GitOpsChange))]
[RequiresAccess("list,watch,patch", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch,patch", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("list,watch,patch", "helm.toolkit.fluxcd.io", "helmreleases")]
[RequiresAccess("get,list,watch", "apps", "*")]
[RequiresAccess("list", "", "events")]
[RequiresAccess("list,watch", "", "pods")]
[RequiresAccess("get,create,patch", "*", "*")]
[RequiresAccess("list", "", "persistentvolumeclaims")]
[RequiresAccess("list,patch", "", "persistentvolumes")]
public sealed partial class RestoreHomelabManifestCommand : GitOpsChangeCmdlet
{
    private readonly PipedScope _piped = new();
    private string _shownApp = "";
    private RestoreRecord? _record;

    /// <summary>The application.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AppCompleter))]
    [AppNames]
    public string? App { get; set; }

    /// <summary>Files and folders of the repository, with wildcards.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Clears the claim of Released volumes without a question.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Versions of files, applications and what belongs to them, or names of applications.</summary>
    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    private protected override void Process()
    {
        if (InputObject is not null && !_piped.Add(InputObject))
        {
            WriteWarning(Messages.OtherRecord(Piped.Unwrap(InputObject)!, "applications"));
        }
    }

    private protected override void End()
    {
        var (apps, paths) = (_piped.AppsAfter(App is null ? [] : [App]), _piped.PathsAfter(Path));
        if (apps.Length + paths.Length > 0)
        {
            _shownApp = apps.Length == 1 ? apps[0] : "";
            Restore(Scope(apps, paths, FindRepository()));
        }
        else if (!MyInvocation.ExpectingInput)
        {
            throw Core.Errors.NameRequired();
        }
    }

    private protected override void Changing() => _record?.Begin();

    private void Restore(ManifestScope scope)
    {
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
        var done = edit is null ? Finish(committer, scope, claims, rest) : Change(committer, edit, _shownApp, () => Release(Released(claims)));
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

    // An earlier call may have been ended after its push; the volumes and the waiting are what is left to do then.
    private GitOpsChange? Finish(RepositoryCommitter committer, ManifestScope scope, IReadOnlyCollection<(string Namespace, string Name)> claims, (string Name, bool IsShallow, bool IsLeft) repository)
    {
        var volumes = Released(claims);
        if (volumes.Count == 0 && !repository.IsLeft)
        {
            throw Core.Errors.ManifestNotDeleted(scope.ToString(), repository.Name, repository.IsShallow);
        }

        var isWanted = volumes.Count > 0 ? Release(volumes) : ShouldProcess(Messages.RestoreFinish(scope), Messages.RestoreFinishQuestion(scope), Messages.Confirm);
        return isWanted ? Deliver(committer, RestoreEdit.OfNothing(scope), _shownApp, scope.Has) : null;
    }
}
