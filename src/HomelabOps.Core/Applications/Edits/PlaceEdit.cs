using System.Globalization;
using HomelabOps.Core.GitOps.Editing;
using HomelabOps.Core.GitOps.Effective;
using YamlDotNet.Core;

namespace HomelabOps.Core.Applications.Edits;

/// <summary>An edit that may be the right one.</summary>
/// <param name="Place">Where.</param>
/// <param name="Change">What becomes of the file, or of the text in it: file, document, path, force.</param>
internal sealed record PlaceEdit(ValuePlace Place, Func<YamlFile, int, YamlPath, bool, YamlFile> Change)
{
    /// <summary>It is wrong where any other object would be different with it, whoever asks for it.</summary>
    public bool IsAlone { get; init; }

    /// <summary>Writes a value in the place of another.</summary>
    public static PlaceEdit Set(ValuePlace place, YamlValue value) => new(place, (file, document, path, force) =>
        file.Set(document, path, place.Variable is null ? value : YamlValue.Text(place.TextWith(value.Scalar!)), force));

    /// <summary>Writes an amount in the place of another: a number where one may stand, and a text where a text is now, as in a ConfigMap.</summary>
    public static PlaceEdit SetAmount(ValuePlace place, string amount) => new(place, (file, document, path, force) =>
        Set(place, place.Mechanism != ManifestMechanism.Substitution && file.Find(document, path) is { Target: null, Style: ScalarStyle.Plain } ? Amount(amount) : YamlValue.Text(amount)).Change(file, document, path, force));

    /// <summary>An amount that is written anew.</summary>
    public static YamlValue Amount(string amount) => long.TryParse(amount, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? YamlValue.Number(number) : YamlValue.Text(amount);

    /// <summary>Adds a value beside or below what is there.</summary>
    /// <param name="place">What is there.</param>
    /// <param name="up">How many steps lead up from it to the mapping that gets the new keys.</param>
    /// <param name="keys">The keys that lead down from there.</param>
    /// <param name="value">The value.</param>
    public static PlaceEdit Add(ValuePlace place, int up, IEnumerable<string> keys, YamlValue value) => new(place, (file, document, path, force) =>
        file.Add(document, Up(path, up).Then([.. keys]), value, force));

    /// <summary>The way without its last steps.</summary>
    public static YamlPath Up(YamlPath path, int steps) => steps == 0 ? path : Up(path.Parent, steps - 1);
}
