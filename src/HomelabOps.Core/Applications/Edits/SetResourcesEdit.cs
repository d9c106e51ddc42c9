using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Applications.Edits;

/// <summary>Gives a container other requests and limits.</summary>
internal sealed class SetResourcesEdit : AppEdit
{
    private readonly AppTarget _target;
    private readonly IReadOnlyDictionary<string, string> _amounts;
    private readonly string? _container;

    /// <summary>Makes the edit.</summary>
    /// <param name="target">The application.</param>
    /// <param name="amounts">The quantities by <c>requests.cpu</c>, <c>limits.memory</c> and so on.</param>
    /// <param name="container">The container; null where there is one.</param>
    /// <exception cref="HomelabException">QuantityInvalid, ResourceLimitTooLow.</exception>
    public SetResourcesEdit(AppTarget target, IReadOnlyDictionary<string, string> amounts, string? container = null)
        : base(target)
    {
        (_target, _amounts, _container) = (target, amounts, container);
        foreach (var (name, amount) in amounts)
        {
            if (Quantity.ParseStrict(amount) is not >= 0)
            {
                throw Errors.QuantityInvalid(name, amount);
            }
        }
    }

    /// <inheritdoc/>
    public override string Message => $"Set {string.Join(", ", _amounts.Select(amount => $"{Words(amount.Key)} {amount.Value}"))} of {_target.App.Name}";

    /// <inheritdoc/>
    private protected override void Change(AppTrial trial)
    {
        var image = Choose(trial, [.. trial.Fields.Where(field => field.Field == ManifestField.Image)], ManifestField.Resources, _container);
        var fields = trial.Fields.Where(field => field.Field == ManifestField.Resources && field.Container == image.Container).ToArray();
        var container = image.Scalars[0].Role == ScalarRole.Image ? image.Scalars[0].Path.Parent : image.Scalars[0].Path.Parent.Parent;
        var resources = container.Then("resources");
        foreach (var (name, amount) in _amounts)
        {
            var (kind, key) = (name[..name.IndexOf('.', StringComparison.Ordinal)], name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..]);
            var path = resources.Then(kind).Then(key);
            var known = fields.FirstOrDefault(field => field.Item == name);
            var edits = known is null ? Additions(trial, image, fields, kind, key, amount) : trial.Places(known.Scalars[0], ImagePart.Tag).Where(place => place.Value is not null).Select(place => PlaceEdit.SetAmount(place, amount));
            trial.Keep(edits, after => after.Text(path) == amount, name, amount);
        }

        foreach (var key in _amounts.Keys.Select(name => name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..]).Distinct(StringComparer.Ordinal))
        {
            var (request, limit) = (trial.Text(resources.Then("requests").Then(key)), trial.Text(resources.Then("limits").Then(key)));
            if (request is not null && limit is not null && Quantity.ParseStrict(request) > Quantity.ParseStrict(limit))
            {
                throw Errors.ResourceLimitTooLow(_target.App.Name, key, request, limit);
            }
        }
    }

    // Beside one of the same kind, else beside the other kind, else where the container is written.
    private static IEnumerable<PlaceEdit> Additions(AppTrial trial, AppField image, IReadOnlyList<AppField> fields, string kind, string key, string amount)
    {
        var value = PlaceEdit.Amount(amount);
        foreach (var field in fields.OrderByDescending(field => field.Item.StartsWith(kind, StringComparison.Ordinal)))
        {
            var isSame = field.Item.StartsWith(kind + ".", StringComparison.Ordinal);
            foreach (var place in trial.Places(field.Scalars[0], ImagePart.Tag).Where(place => place.Mechanism != ManifestMechanism.Substitution))
            {
                yield return PlaceEdit.Add(place, isSame ? 1 : 2, isSame ? [key] : [kind, key], value);
            }
        }

        var scalar = image.Scalars[0];
        foreach (var place in trial.Places(scalar, ImagePart.Tag).Where(place => place.Mechanism is not (ManifestMechanism.Substitution or ManifestMechanism.KustomizeImages)).Reverse())
        {
            yield return PlaceEdit.Add(place, scalar.Role == ScalarRole.Image ? 1 : 2, ["resources", kind, key], value);
        }
    }

    // "limits.memory" is what people call the memory limit.
    private static string Words(string name) => name.Split('.', 2) is [var kind, var key] ? $"{key} {kind.TrimEnd('s')}" : name;
}
