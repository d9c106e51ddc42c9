using System.Text.Json;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Editing;

/// <summary>
/// A file of YAML that is edited as text: comments, quotes, order and line ends stay as they are. Every edit is proven by
/// reading the text again: the place that was asked for means what it should, and everything else is what it was. An edit
/// gives a new file; the old one stays as it is.
/// </summary>
internal sealed class YamlFile
{
    private readonly string _file;
    private readonly SourceText _source;
    private readonly bool _isJson;

    private YamlFile(string file, SourceText source, IReadOnlyList<SyntaxNode> documents, bool isJson) => (_file, _source, Documents, _isJson) = (file, source, documents, isJson);

    /// <summary>The documents, counted from 0; empty ones too.</summary>
    public IReadOnlyList<SyntaxNode> Documents { get; }

    /// <summary>The text without a byte order mark.</summary>
    public string Text => _source.Text;

    /// <summary>Reads a file.</summary>
    /// <param name="file">Its name for errors.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <exception cref="HomelabException">ManifestInvalid, or ManifestEditRefused where nothing of it may be edited: it is no UTF-8, or encrypted by SOPS.</exception>
    public static YamlFile Read(string file, byte[] bytes)
    {
        var source = SourceText.Read(file, bytes);
        var documents = SyntaxReader.Read(file, source.Text);
        if (documents.FirstOrDefault(IsEncrypted) is { } encrypted)
        {
            throw Errors.ManifestEditRefused(file, encrypted.Line, encrypted.Column, "Detail_EditSops");
        }

        return new(file, source, documents, IndexedFile.IsJson(file) && IsJson(source.Text));
    }

    /// <summary>The file's bytes.</summary>
    public byte[] ToBytes() => _source.ToBytes();

    /// <summary>The node that a path leads to; null when there is none.</summary>
    public SyntaxNode? Find(int document, YamlPath path) => NodeFinder.Find(Documents[document], path);

    /// <summary>Gives a scalar another value.</summary>
    /// <param name="document">The document, counted from 0.</param>
    /// <param name="path">The way to the scalar.</param>
    /// <param name="value">The new value.</param>
    /// <param name="force">Also where the scalar is used in other places by an alias, which change with it.</param>
    /// <exception cref="HomelabException">ManifestEditRefused.</exception>
    public YamlFile Set(int document, YamlPath path, YamlValue value, bool force = false)
    {
        var root = Documents[document];
        var node = NodeFinder.Find(root, path) ?? throw Refused(root, "Detail_EditAbsent", path);
        if (node.Text is null || value.Scalar is null)
        {
            throw Refused(node, "Detail_EditCollection", path);
        }

        RefuseShared(root, node, path, force);
        return Prove(document, node, path, new ScalarEdit(_source, Writer(), node, value).Forms(), (before, after) =>
            after.Anchor == before.Anchor && after.Tag == before.Tag && SyntaxCompare.Means(after, value));
    }

    /// <summary>Adds what a path names, with all keys above it that are not there, where a person would put it.</summary>
    /// <param name="document">The document, counted from 0.</param>
    /// <param name="path">The way to what is new. It ends with a key, or with the index that an item gets; -1 puts it where it fits.</param>
    /// <param name="value">What is added.</param>
    /// <param name="force">Also where a mapping or list is used in other places by an alias, which change with it.</param>
    /// <exception cref="HomelabException">ManifestEditRefused.</exception>
    public YamlFile Add(int document, YamlPath path, YamlValue value, bool force = false)
    {
        var root = Documents[document];
        var (place, steps) = NodeFinder.FindNearest(root, path);
        if (steps == path.Steps.Count)
        {
            throw Refused(place, "Detail_EditPresent", path);
        }

        RefuseShared(root, place, path, force);
        var step = path.Steps[steps];
        var added = value.Below(path.Steps.Skip(steps + 1));
        if (place.Text is not null || (place.Entries ?? (object?)place.Items) is null)
        {
            var isNull = place.Text is not null && SyntaxCompare.Means(place, YamlValue.Null);
            return isNull && steps > 0 ? Fill(document, place, path, added.Below([step])) : throw Refused(place, "Detail_EditScalar", path);
        }

        if ((step is string ? place.Entries : (object?)place.Items) is null || step is int and < -1)
        {
            throw Refused(place, "Detail_EditKind", path);
        }

        if (place.Entries?.Count == 0 || place.Items?.Count == 0)
        {
            return Fill(document, place, path, added.Below([step]));
        }

        if (step is string key)
        {
            var index = KeyOrder.IndexOf([.. place.Entries!.Select(entry => entry.Key.Text ?? "")], key);
            return Prove(document, place, path, [Insertion.OfEntry(_source, Writer(), place, index, key, added)], (before, after) => HasNew(
                before.Entries!, after.Entries, index, SameEntry, entry => SyntaxCompare.Means(entry.Key, YamlValue.Text(key)) && SyntaxCompare.Means(entry.Value, added)));
        }

        var at = step is int asked and >= 0 ? Math.Min(asked, place.Items!.Count) : KeyOrder.IndexOfItem([.. place.Items!.Select(item => item.Text)], added.Scalar);
        return Prove(document, place, path, [Insertion.OfItem(_source, Writer(), place, NodeFinder.Holder(root, place).Entry, at, added)], (before, after) => HasNew(
            before.Items!, after.Items, at, SyntaxCompare.AreSame, item => SyntaxCompare.Means(item, added)));
    }

    /// <summary>Takes a key or an item away, with the comments on its own lines.</summary>
    /// <param name="document">The document, counted from 0.</param>
    /// <param name="path">The way to it.</param>
    /// <param name="force">Also where what holds it is used in other places by an alias.</param>
    /// <exception cref="HomelabException">ManifestEditRefused.</exception>
    public YamlFile Remove(int document, YamlPath path, bool force = false)
    {
        var root = Documents[document];
        if (path.Steps.Count == 0 || NodeFinder.Find(root, path.Parent) is not { } place)
        {
            throw Refused(root, "Detail_EditAbsent", path);
        }

        var index = path.Last is string key ? place.Entries?.ToList().FindIndex(entry => entry.Key.Text == key) ?? -1 : (int)path.Last < (place.Items?.Count ?? 0) ? (int)path.Last : -1;
        if (index < 0)
        {
            throw Refused(place, NodeFinder.Find(root, path) is null ? "Detail_EditAbsent" : "Detail_EditMerged", path);
        }

        RefuseShared(root, place, path, force);

        // The same name may stand for something else further up, which the aliases would mean then.
        if (NodeFinder.IsUsedOutside(root, place.Items?[index] ?? place.Entries![index].Value))
        {
            throw Refused(place, "Detail_EditAnchored", path);
        }

        return Prove(document, place, path, Removal.Of(_source, place, NodeFinder.Holder(root, place), index), (before, after) => before.Entries is not null
            ? HasNew(after.Entries, before.Entries, index, SameEntry, _ => true)
            : HasNew(after.Items, before.Items, index, SyntaxCompare.AreSame, _ => true));
    }

    private static bool SameEntry(SyntaxEntry one, SyntaxEntry other) => SyntaxCompare.AreSame(one.Key, other.Key) && SyntaxCompare.AreSame(one.Value, other.Value);

    // Whether the longer list is the shorter one with one element more.
    private static bool HasNew<T>(IReadOnlyList<T>? shorter, IReadOnlyList<T>? longer, int index, Func<T, T, bool> same, Func<T, bool> isNew) =>
        shorter is not null && longer is not null && longer.Count == shorter.Count + 1 && isNew(longer[index])
        && longer.Where((_, position) => position != index).Zip(shorter).All(pair => same(pair.First, pair.Second));

    private static bool IsEncrypted(SyntaxNode root) => root.Find("sops") is { Value.Entries: not null } && root.Find("sops")!.Value.Find("mac") is not null;

    private YamlFile Fill(int document, SyntaxNode place, YamlPath path, YamlValue value) =>
        Prove(document, place, path, [Insertion.IntoEmpty(_source, Writer(), place, NodeFinder.Holder(Documents[document], place), value)], (before, after) => after.Anchor == before.Anchor && SyntaxCompare.Means(after, value));

    // What other readers of JSON take as well.
    private static bool IsJson(string text)
    {
        try
        {
            using var _ = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private BlockWriter Writer() => BlockWriter.Of(_source.NewLine, Documents, _isJson);

    private YamlFile Prove(int document, SyntaxNode place, YamlPath path, IEnumerable<IReadOnlyList<TextChange>?> forms, Func<SyntaxNode, SyntaxNode, bool> check)
    {
        foreach (var form in forms.OfType<IReadOnlyList<TextChange>>())
        {
            var source = _source.With(form);
            IReadOnlyList<SyntaxNode> after;
            try
            {
                after = SyntaxReader.Read(_file, source.Text);
            }
            catch (HomelabException)
            {
                continue;
            }

            if ((!_isJson || IsJson(source.Text)) && after.Count == Documents.Count && Documents.Zip(after).Select((pair, index) => index == document
                ? SyntaxCompare.AreSameBut(pair.First, pair.Second, place, check)
                : SyntaxCompare.AreSame(pair.First, pair.Second)).All(same => same))
            {
                return new(_file, source, after, _isJson);
            }
        }

        throw Refused(place, "Detail_EditUnproven", path);
    }

    private void RefuseShared(SyntaxNode root, SyntaxNode node, YamlPath path, bool force)
    {
        if (!force && NodeFinder.HasAliases(root) && NodeFinder.PathsTo(root, node) is { Count: > 1 } paths)
        {
            throw Errors.ManifestValueShared(_file, node.Line, node.Column, path.ToString(), string.Join(", ", paths.Select(shared => shared.ToString())));
        }
    }

    private HomelabException Refused(SyntaxNode place, string detail, YamlPath path) => Errors.ManifestEditRefused(_file, place.Line, place.Column, detail, path.ToString());
}
