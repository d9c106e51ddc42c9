using System.Globalization;
using HomelabOps.Core.GitOps.Forest;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>Tells of applications what values they have and where those are defined.</summary>
internal sealed class ManifestLocator
{
    private readonly ManifestView _view;
    private readonly ValueProver _prover;

    public ManifestLocator(ManifestView view)
    {
        _view = view;
        Finder = new(view);
        _prover = new(view, Finder);
    }

    /// <summary>Finds places without proving them.</summary>
    public PlaceFinder Finder { get; }

    /// <summary>The fields of applications, each with its place; null where none could be proven.</summary>
    /// <param name="apps">The applications.</param>
    /// <param name="always">Prove also what can only come from one place.</param>
    /// <param name="cancellation">Ends the work.</param>
    public IEnumerable<(ManifestApp App, AppField Field, ValuePlace? Place)> Locate(IEnumerable<ManifestApp> apps, bool always = false, CancellationToken cancellation = default)
    {
        foreach (var group in apps.GroupBy(app => app.Node))
        {
            var fields = group.SelectMany(app => _view.Fields(app).Select(field => (App: app, Field: field, Sought: Main(app, field)))).ToArray();
            var places = _prover.Prove(fields.Select(entry => entry.Sought), always, cancellation);
            foreach (var (app, field, sought) in fields)
            {
                yield return (app, field, places.GetValueOrDefault(sought));
            }
        }
    }

    /// <summary>The places of several scalars of one application; what none could be proven for is not among them.</summary>
    public IReadOnlyDictionary<Sought, ValuePlace> Prove(IEnumerable<Sought> soughts, CancellationToken cancellation) => _prover.Prove(soughts, always: false, cancellation);

    /// <summary>The scalar that a field's place is that of.</summary>
    public static Sought Main(ManifestApp app, AppField field) =>
        new(app, field.Scalars[0], field.Scalars[0].Role == ScalarRole.Image ? ImageReference.Parse(field.Scalars[0].Text).Deciding : ImagePart.Tag);

    /// <summary>The record of a field.</summary>
    public static HomelabManifest Record(ManifestApp app, AppField field, ValuePlace? place) => new()
    {
        Kind = app.Kind,
        Namespace = app.Namespace,
        Name = ObjectText.Name(app.Object),
        App = app.Name,
        Field = field.Field,
        Container = field.Container,
        Item = field.Item,
        Value = field.Value,
        File = place?.File.TrimStart('/'),
        Line = place is null ? null : Convert.ToInt32(place.Line, CultureInfo.InvariantCulture),
        Mechanism = place?.Mechanism,
        Path = (app.IsRelease ? "spec.values." : "") + field.Scalars[0].Path,
        Kustomization = app.Node.Reference,
    };
}
