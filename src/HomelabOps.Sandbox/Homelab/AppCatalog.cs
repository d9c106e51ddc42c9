using System.Globalization;

namespace HomelabOps.Sandbox.Homelab;

/// <summary>The applications that a homelab has, read from apps.txt, and as many more of their kind as are wanted.</summary>
internal static class AppCatalog
{
    // What tells a second instance of an application from the first.
    private static readonly string[] Places = ["4k", "anime", "kids", "guest", "attic", "cellar", "garage", "garden", "loft", "office", "studio", "study"];

    private static readonly Lazy<IReadOnlyList<PlannedApp>> Known = new(Load);

    /// <summary>The first applications: those of the file, then further ones whose names depend on the seed.</summary>
    public static IReadOnlyList<PlannedApp> Take(int count, int seed) => [.. Known.Value.Concat(Further(seed)).Take(count)];

    private static IEnumerable<PlannedApp> Further(int seed)
    {
        var bases = Known.Value.Where(app => app.Form == AppForm.Deployment).ToArray();
        return Places.SelectMany(place => bases.Select(app => app with
            {
                Name = $"{app.Name}-{place}",
                FormerTag = null,
                Replication = app.Replication == AppReplication.Labelled ? AppReplication.Syncthing : app.Replication,
            }))
            .OrderBy(app => SeededHash.Of(seed, "app", app.Name))
            .ThenBy(app => app.Name, StringComparer.Ordinal);
    }

    private static List<PlannedApp> Load() =>
        [.. EmbeddedText.Read("apps.txt").Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => Parse(line.Split(' ')))];

    private static PlannedApp Parse(string[] columns) => new()
    {
        Name = columns[0],
        Category = columns[1],
        Image = columns[2],
        Tag = columns[3],
        FormerTag = Optional(columns[4]),
        Port = int.Parse(columns[5], CultureInfo.InvariantCulture),
        Probe = Optional(columns[6]),
        Data = columns[7],
        Replication = Word<AppReplication>(columns[8]),
        Form = Word<AppForm>(columns[9]),
        Media = Word<MediaAccess>(columns[10]),
    };

    private static string? Optional(string text) => text == "-" ? null : text;

    private static T Word<T>(string text)
        where T : struct, Enum => text == "-" ? default : Enum.Parse<T>(text, ignoreCase: true);
}
