using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Applications.Edits;

/// <summary>A change of one application, made where its effective value is defined and proven by building the repository with it.</summary>
/// <param name="target">The application.</param>
internal abstract class AppEdit(AppTarget target) : IRepositoryEdit
{
    /// <inheritdoc/>
    public abstract string Message { get; }

    /// <summary>The application's name.</summary>
    public string App => target.App.Name;

    /// <inheritdoc/>
    public IReadOnlyList<ResourceReference> Runs { get; private set; } = [];

    /// <inheritdoc/>
    /// <exception cref="HomelabException">
    /// AppNotFound, AppAmbiguous: it is not there, or more than once. AppFieldMissing, ContainerNotFound, ContainerRequired: it has no such value, or several. AppValueOverridden: something else may have the last word.
    /// AppValueShared, ManifestValueShared: others would change with it. AppValueUnproven: no edit gives it the value. AppUnbuildable: a Kustomization could not be built with it.
    /// ManifestEditRefused, ManifestInvalid and those of a build: a file cannot be edited, or the repository is broken.
    /// </exception>
    public IReadOnlyList<FileChange> Apply(IBuildFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var view = ManifestView.Read(files, target.Patterns);
        var trial = new AppTrial(view, target.Find(view, files.Display("/")), target.Force);
        Change(trial);
        Runs = [trial.App.Reference];
        return trial.Finish();
    }

    /// <summary>Makes the change.</summary>
    private protected abstract void Change(AppTrial trial);

    /// <summary>The one of several fields that a name means, or that there is.</summary>
    /// <exception cref="HomelabException">AppValueOverridden; AppFieldMissing, ContainerNotFound, ContainerRequired.</exception>
    private protected AppField Choose(AppTrial trial, IReadOnlyList<AppField> fields, ManifestField field, string? container)
    {
        var chosen = Only(trial, fields, field, container);
        return target.Force || ReleaseLastWord.Of(trial.App, chosen, field) is not { } place ? chosen : throw Errors.AppValueOverridden(App, field, place);
    }

    private AppField Only(AppTrial trial, IReadOnlyList<AppField> fields, ManifestField field, string? container)
    {
        var names = fields.Select(Name).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).ToArray();
        var isOfPods = field == ManifestField.Replicas;
        if (fields.Count == 0 && (container is null || !isOfPods))
        {
            throw Errors.AppFieldMissing(App, trial.App.Kind, field);
        }

        if (container is not null)
        {
            return fields.FirstOrDefault(one => Name(one) == container) ?? throw (isOfPods ? Errors.ControllerNotFound(App, container, names) : Errors.ContainerNotFoundInApp(App, container, names));
        }

        var usual = fields.Where(one => Name(one) == trial.App.Name || Name(one) is "app" or "main").ToArray();
        return fields.Count == 1 ? fields[0] : usual.Length == 1 ? usual[0] : throw (isOfPods ? Errors.ControllerRequired(App, names) : Errors.ContainerRequired(App, names));

        static string Name(AppField one) => one.Field == ManifestField.Replicas ? one.Item : one.Container;
    }
}
