using System.Globalization;
using HomelabOps.Core.GitOps.Editing;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>
/// Proves where values come from: another value is written in a place, the Kustomization is built again, and the value must
/// have become that one. Many places are tried in one build, each with a value of its own.
/// </summary>
/// <param name="view">The repository.</param>
/// <param name="finder">Finds the places to try.</param>
internal sealed class ValueProver(ManifestView view, PlaceFinder finder)
{
    // No tag, name or number that anybody uses.
    private const int FirstNumber = 918_273_000;

    /// <summary>The places of scalars; what none could be proven for is not among them.</summary>
    /// <param name="soughts">What is looked for.</param>
    /// <param name="always">Prove also what can only come from one place.</param>
    /// <param name="cancellation">Ends the work.</param>
    public IReadOnlyDictionary<Sought, ValuePlace> Prove(IEnumerable<Sought> soughts, bool always, CancellationToken cancellation)
    {
        var result = new Dictionary<Sought, ValuePlace>();
        foreach (var group in soughts.GroupBy(sought => sought.App.Node))
        {
            var isOpen = always || finder.HasReplacements(group.Key);
            var open = new List<(Sought Sought, Queue<ValuePlace> Places)>();
            foreach (var sought in group.Distinct())
            {
                var places = finder.Find(sought.App, sought.Scalar, sought.Part).Where(place => place.Value is not null).DistinctBy(place => place.Key).ToArray();
                if (!isOpen && places is [{ Variable: null } only] && only.Value == sought.Scalar.Text)
                {
                    result[sought] = only;
                }
                else if (places.Length > 0)
                {
                    open.Add((sought, new(places)));
                }
            }

            while (open.Count > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                var tried = Round(group.Key, [.. open.Select(entry => (entry.Sought, entry.Places.Peek()))], result);
                foreach (var entry in open.Where(entry => tried.Contains(entry.Sought)))
                {
                    entry.Places.Dequeue();
                }

                open.RemoveAll(entry => result.ContainsKey(entry.Sought) || entry.Places.Count == 0);
            }
        }

        return result;
    }

    // Gives what was tried: of several values for one text the others have to wait.
    private HashSet<Sought> Round(FluxNode node, IReadOnlyList<(Sought Sought, ValuePlace Place)> tries, Dictionary<Sought, ValuePlace> result)
    {
        var overlay = new OverlayFiles(view.Files);
        var marks = new Dictionary<string, string>(StringComparer.Ordinal);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var tried = new HashSet<Sought>();
        var written = new List<(Sought Sought, ValuePlace Place, string Mark)>();
        foreach (var (sought, place) in tries)
        {
            var key = $"{place.Key}|{(place.IsImage ? sought.Part : null)}";
            if (!texts.TryAdd(place.TextKey, key) && texts[place.TextKey] != key)
            {
                continue;
            }

            tried.Add(sought);
            if (!marks.TryGetValue(key, out var mark))
            {
                var number = (FirstNumber + marks.Count).ToString(CultureInfo.InvariantCulture);
                mark = sought.Scalar.Role == ScalarRole.Replicas ? number : "p" + number;
                if (!Write(overlay, sought, place, mark))
                {
                    continue;
                }

                marks[key] = mark;
            }

            written.Add((sought, place, mark));
        }

        if (written.Count > 0)
        {
            Try(node, overlay, written, result);
        }

        return tried;
    }

    private void Try(FluxNode node, OverlayFiles overlay, List<(Sought Sought, ValuePlace Place, string Mark)> written, Dictionary<Sought, ValuePlace> result)
    {
        try
        {
            Read(view.Rebuild(node, overlay), written, result);
        }
        catch (HomelabException) when (written.Count > 1)
        {
            // One of the values makes the build fail. Each by itself shows which.
            foreach (var (sought, place, _) in written)
            {
                Round(node, [(sought, place)], result);
            }
        }
        catch (HomelabException)
        {
            // The place cannot be proven.
        }
    }

    private void Read(FluxNode rebuilt, IEnumerable<(Sought Sought, ValuePlace Place, string Mark)> written, Dictionary<Sought, ValuePlace> result)
    {
        foreach (var (sought, place, mark) in written)
        {
            if (ManifestView.Same(sought.App, rebuilt) is { } app && Scalars.Text(sought.Scalar.Path.Find(view.Content(app))) is { } text
                && (sought.Scalar.Role == ScalarRole.Image ? ImageReference.Parse(text).Part(sought.Part) : text).Contains(mark, StringComparison.Ordinal))
            {
                result[sought] = place;
            }
        }
    }

    private static bool Write(OverlayFiles overlay, Sought sought, ValuePlace place, string mark)
    {
        var value = place.IsImage ? ImageReference.Parse(place.Value!).With(sought.Part, sought.Part == ImagePart.Digest ? "sha256:" + mark : mark).ToString() : mark;
        var isNumber = sought.Scalar.Role == ScalarRole.Replicas && place.Mechanism != ManifestMechanism.Substitution;
        try
        {
            // An alias would carry the value along, which does no harm in a trial.
            overlay.Set(place.File, place.Edit(overlay.Read(place.File), (file, document, path) => file.Set(document, path, isNumber ? YamlValue.Number(value) : YamlValue.Text(place.TextWith(value)), force: true)));
            return true;
        }
        catch (HomelabException)
        {
            return false;
        }
    }
}
