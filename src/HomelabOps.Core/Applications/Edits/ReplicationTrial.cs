using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Editing;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Applications.Edits;

/// <summary>Tries edits that make one replication what it is to be.</summary>
/// <param name="trial">The trial that it is part of.</param>
/// <param name="item">The replication as it was.</param>
/// <param name="wish">What it is to be.</param>
internal sealed class ReplicationTrial(ManifestTrial trial, ManifestObject item, ReplicationWish wish)
{
    private static readonly ObjectPath Spec = ObjectPath.Of("spec");
    private static readonly ObjectPath Syncthing = Spec.Then("syncthing");
    private static readonly ObjectPath Peers = Syncthing.Then("peers");
    private static readonly ObjectPath Paused = Spec.Then("paused");

    /// <summary>What it is to be.</summary>
    public ReplicationWish Wish => wish;

    /// <summary>Whether it is so already.</summary>
    public bool IsDone => (!IsSyncthing || IsWanted(PeersOf(Now))) && (IsSyncthing && wish.IsSilent || IsPaused(Now) == wish.IsSilent);

    private bool IsSyncthing => (item.Object["spec"] as JsonObject)?.ContainsKey("syncthing") == true;

    private JsonObject Now => trial.Now(item)?.Object ?? [];

    private string Name => $"{item.Kind}/{item.Namespace}/{item.Name}";

    /// <summary>Makes the change.</summary>
    /// <exception cref="HomelabException">Why it cannot be made.</exception>
    public void Run()
    {
        if (IsSyncthing)
        {
            SetPeers();
        }

        if (!wish.IsSilent)
        {
            Keep(Unpausing(), now => !IsPaused(now), "paused", "false");
        }
        else if (!IsSyncthing)
        {
            Keep(Pausing(), IsPaused, "paused", "true");
        }
    }

    private void SetPeers()
    {
        var present = PeersOf(Now);
        if (IsWanted(present))
        {
            return;
        }

        if (present.Length == wish.Peers.Count)
        {
            SetEntries();
            return;
        }

        Keep(Removals(Peers), now => PeersOf(now).Length == 0, "peers", "[]");
        var entries = YamlValue.Sequence(wish.Peers.Select(peer => YamlValue.Mapping(
            KeyValuePair.Create("ID", YamlValue.Text(peer.Id)), KeyValuePair.Create("address", YamlValue.Text(peer.Address)), KeyValuePair.Create("introducer", YamlValue.Boolean(value: false)))));
        Keep(Additions(Syncthing, "peers", entries), now => IsWanted(PeersOf(now)), "peers", string.Join(", ", wish.Peers.Select(peer => $"{peer.Id} {peer.Address}")));
    }

    // Only what is different: the lines around it stay, and so does what is right already.
    private void SetEntries()
    {
        foreach (var (index, peer) in wish.Peers.Index())
        {
            var entry = Peers.Then(index, null);
            Set(entry.Then("ID"), peer.Id, YamlValue.Text(peer.Id));
            Set(entry.Then("address"), peer.Address, YamlValue.Text(peer.Address));
            if (Text(Now, entry.Then("introducer")) is { } introducer and not "false")
            {
                Set(entry.Then("introducer"), "false", YamlValue.Boolean(value: false));
            }
        }
    }

    private void Set(ObjectPath path, string text, YamlValue value) => Keep(Sets(path, value), now => Text(now, path) == text, path.ToString(), text);

    private IEnumerable<PlaceEdit> Pausing() => Sets(Paused, YamlValue.Boolean(value: true)).Concat(Additions(Spec, "paused", YamlValue.Boolean(value: true)));

    // A variable that decides stays where it is; else the key itself goes, as most have none.
    private IEnumerable<PlaceEdit> Unpausing()
    {
        var sets = Sets(Paused, YamlValue.Boolean(value: false)).ToArray();
        return Array.Exists(sets, edit => edit.Place.Mechanism == ManifestMechanism.Substitution) ? sets : Removals(Paused).Concat(sets);
    }

    private IEnumerable<PlaceEdit> Sets(ObjectPath path, YamlValue value) => Places(path).Where(place => place.Value is not null)
        .Select(place => PlaceEdit.Set(place, place.Mechanism == ManifestMechanism.Substitution ? YamlValue.Text(value.Scalar!) : value));

    // The manifest first: a patch is rather for what several have in common.
    private IEnumerable<PlaceEdit> Additions(ObjectPath holder, string key, YamlValue value) => Places(holder).Reverse().Select(place => PlaceEdit.Add(place, 0, [key], value));

    private IEnumerable<PlaceEdit> Removals(ObjectPath path)
    {
        foreach (var place in Places(path).Where(place => place.Mechanism != ManifestMechanism.Substitution))
        {
            // What an operation of a JSON patch adds goes with the operation.
            yield return place.Way[^1].Path.Steps is [int operation, ..]
                ? new(place, (file, document, _, force) => file.Remove(document, YamlPath.Of(operation), force))
                : new(place, (file, document, at, force) => file.Remove(document, at, force));
        }
    }

    private IReadOnlyList<ValuePlace> Places(ObjectPath path) => trial.Places(item, new(path, ScalarRole.Plain, ""), ImagePart.Tag);

    private void Keep(IEnumerable<PlaceEdit> edits, Func<JsonObject, bool> isRight, string what, string wanted) => trial.Keep(
        edits,
        () => trial.Now(item) is { } now && isRight(now.Object) && ManifestTrial.DifferOnlyAt(item.Object, now.Object, [Peers, Paused]),
        isAlone: true,
        Name,
        what,
        wanted);

    private bool IsWanted((string Id, string Address, bool IsIntroducer)[] present) => (!wish.IsSilent && wish.Peers.Count == 0) || present.SequenceEqual(wish.Peers.Select(peer => (peer.Id, peer.Address, false)));

    private static (string Id, string Address, bool IsIntroducer)[] PeersOf(JsonObject replication) =>
        [.. ObjectText.Items(Peers.Find(replication)).Select(entry => (ObjectText.At(entry.Item, "ID"), ObjectText.At(entry.Item, "address"), ObjectText.At(entry.Item, "introducer") == "true"))];

    private static bool IsPaused(JsonObject replication) => Text(replication, Paused) == "true";

    private static string? Text(JsonObject replication, ObjectPath path) => Scalars.Text(path.Find(replication));
}
