using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Clock;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Tests.Store;

public sealed class CompactionTests
{
    private readonly SandboxClock _clock = new();
    private readonly ObjectStore _store;

    public CompactionTests() => _store = new(_clock, new());

    [Fact]
    public void A_state_is_known_for_one_to_two_intervals_though_its_own_collection_rests()
    {
        var (quiet, other) = (_store.Collection("configmaps", []), _store.Collection("leases", []));
        Write(quiet);
        var revision = _store.Revision;
        Write(other);
        Assert.NotNull(quiet.ReadAt(null, revision));
        _clock.Advance(TimeSpan.FromMinutes(5.1));
        Write(other);
        Assert.NotNull(quiet.ReadAt(null, revision));
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(quiet.ReadAt(null, revision));
        Assert.NotNull(quiet.ReadAt(null, _store.Revision));
    }

    [Fact]
    public void The_latest_state_is_known_however_long_nothing_is_written()
    {
        var quiet = _store.Collection("configmaps", []);
        Write(quiet);
        var revision = _store.Revision;
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.NotNull(quiet.ReadAt(null, revision));

        // By then it had been compacted to what was the latest.
        Write(_store.Collection("leases", []));
        Assert.NotNull(quiet.ReadAt(null, revision));
        Assert.Null(quiet.ReadAt(null, revision - 1));
    }

    private static void Write(Collection collection) => collection.Change(new("default", Guid.NewGuid().ToString()), _ => new JsonObject { ["metadata"] = new JsonObject { ["uid"] = "1" } });
}
