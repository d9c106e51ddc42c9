using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Editing;
using HomelabOps.Core.GitOps.Effective;

namespace HomelabOps.Core.Applications.Edits;

/// <summary>Gives an application another number of pods.</summary>
internal sealed class SetReplicasEdit : AppEdit
{
    private readonly AppTarget _target;
    private readonly int _replicas;
    private readonly string? _controller;

    /// <summary>Makes the edit.</summary>
    /// <param name="target">The application.</param>
    /// <param name="replicas">The number of pods, 0 or more.</param>
    /// <param name="controller">Which of several controllers of a release; null where there is one.</param>
    /// <exception cref="HomelabException">ReplicasInvalid.</exception>
    public SetReplicasEdit(AppTarget target, int replicas, string? controller = null)
        : base(target)
    {
        (_target, _replicas, _controller) = (target, replicas, controller);
        if (replicas < 0)
        {
            throw Errors.ReplicasInvalid(replicas);
        }
    }

    /// <inheritdoc/>
    public override string Message => $"Scale {_target.App.Name} to {_replicas.ToString(CultureInfo.InvariantCulture)}";

    /// <inheritdoc/>
    private protected override void Change(AppTrial trial)
    {
        var wanted = _replicas.ToString(CultureInfo.InvariantCulture);
        var fields = trial.Fields.Where(field => field.Field == ManifestField.Replicas).ToArray();
        if (!Array.Exists(fields, field => _controller is null || field.Item == _controller) && Missing(trial) is { } path)
        {
            trial.Keep(Additions(trial, path), after => after.Text(path) == wanted, "replicas", wanted);
            return;
        }

        var scalar = Choose(trial, fields, ManifestField.Replicas, _controller).Scalars[0];
        trial.Keep(
            trial.Places(scalar, ImagePart.Tag).Where(place => place.Value is not null).Select(place => PlaceEdit.SetAmount(place, wanted)),
            after => after.Text(scalar.Path) == wanted,
            "replicas",
            wanted);
    }

    // Where the number belongs when nothing says it: Kubernetes and app-template take one then.
    private ObjectPath? Missing(AppTrial trial)
    {
        if (trial.App.Kind is "Deployment" or "StatefulSet")
        {
            return _controller is null ? ObjectPath.Of("spec", "replicas") : null;
        }

        if (!trial.App.IsRelease || trial.Content["controllers"] is not JsonObject controllers)
        {
            return null;
        }

        var key = _controller is null ? controllers.Count == 1 ? controllers.First().Key : null : controllers[_controller] is JsonObject ? _controller : null;
        return key is null ? null : ObjectPath.Of("controllers", key, "replicas");
    }

    private IEnumerable<PlaceEdit> Additions(AppTrial trial, ObjectPath path) =>
        trial.Places(new FieldScalar(path.Parent, ScalarRole.Plain, ""), ImagePart.Tag).Reverse().Select(place => PlaceEdit.Add(place, 0, ["replicas"], YamlValue.Number(_replicas)));
}
