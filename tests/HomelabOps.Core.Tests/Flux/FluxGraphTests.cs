using HomelabOps.Core.Flux;

namespace HomelabOps.Core.Tests.Flux;

public sealed class FluxGraphTests
{
    private readonly FluxGraph _graph = new(new HashSet<string>(["HelmChart"]));

    [Fact]
    public void Thirty_in_a_row_have_one_cause()
    {
        var all = Enumerable.Range(0, 30).Select(number => Ks($"k{number}", dependsOn: number == 0 ? [] : [Ref($"k{number - 1}")])).ToArray();
        Add(all);

        Assert.Null(_graph.Explain(all[0]).RootCause);
        Assert.Empty(_graph.Explain(all[0]).BlockedBy);
        Assert.All(all.Skip(1), (one, index) =>
        {
            var explained = _graph.Explain(one);
            Assert.Equal(Ref("k0"), explained.RootCause);
            Assert.Equal([Ref($"k{index}")], explained.BlockedBy);
        });
    }

    // With every step looked for in all that came before it this takes minutes.
    [Fact]
    public void A_long_chain_is_followed_in_a_time_that_grows_with_its_length()
    {
        var all = Enumerable.Range(0, 2000).Select(number => Ks($"k{number}", dependsOn: number == 0 ? [] : [Ref($"k{number - 1}")])).ToArray();
        Add(all);
        var began = TimeProvider.System.GetTimestamp();
        Assert.All(all.Skip(1), one => Assert.Equal(Ref("k0"), _graph.Explain(one).RootCause));
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20), $"{TimeProvider.System.GetElapsedTime(began)}");
    }

    [Fact]
    public void A_cycle_ends_the_search_and_names_another_than_the_object_itself()
    {
        Add(Ks("a", dependsOn: [Ref("b")]), Ks("b", dependsOn: [Ref("c")]), Ks("c", dependsOn: [Ref("a")]), Ks("outside", dependsOn: [Ref("a")]));

        Assert.Equal(Ref("c"), Explain("a").RootCause);
        Assert.Equal(Ref("a"), Explain("b").RootCause);
        Assert.Contains(Explain("outside").RootCause, new[] { Ref("a"), Ref("b"), Ref("c") });
    }

    [Fact]
    public void An_object_that_waits_for_itself_is_its_own_cause()
    {
        Add(Ks("a", dependsOn: [Ref("a")]));
        Assert.Null(Explain("a").RootCause);
        Assert.Equal([Ref("a")], Explain("a").BlockedBy);
    }

    [Fact]
    public void A_missing_dependency_is_the_cause()
    {
        Add(Ks("a", dependsOn: [Ref("gone")]), Ks("b", dependsOn: [Ref("a")]));
        Assert.Equal(Ref("gone"), Explain("a").RootCause);
        Assert.Equal(Ref("gone"), Explain("b").RootCause);
    }

    [Fact]
    public void What_does_not_exist_and_what_goes_round_is_told_as_such()
    {
        Add(Ks("a", dependsOn: [Ref("gone")]), Ks("b", dependsOn: [Ref("a")]), Ks("x", dependsOn: [Ref("y")]), Ks("y", dependsOn: [Ref("x")]), Ks("self", dependsOn: [Ref("self")]), Ks("root"), Ks("waits", dependsOn: [Ref("root")]));
        Assert.Equal("Kustomization/flux-system/gone does not exist: correct dependsOn or sourceRef of Kustomization/flux-system/a in Git, or add it there.", Explain("b").Remedy);
        Assert.Contains("Kustomization/flux-system/x > Kustomization/flux-system/y > Kustomization/flux-system/x", Explain("x").Remedy, StringComparison.Ordinal);
        Assert.Contains("circle", Explain("self").Remedy, StringComparison.Ordinal);
        Assert.StartsWith("Mend Kustomization/flux-system/root first", Explain("waits").Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_suspended_dependency_blocks_when_it_was_not_ready_and_is_the_end_of_the_chain()
    {
        Add(Ks("frozen", ready: ConditionStatus.False, suspended: true, dependsOn: [Ref("gone")]), Ks("a", dependsOn: [Ref("frozen")]));
        Add(Ks("paused", ready: ConditionStatus.True, suspended: true), Ks("b", dependsOn: [Ref("paused")]));

        Assert.Equal(Ref("frozen"), Explain("a").RootCause);
        Assert.Empty(Explain("frozen").BlockedBy);
        Assert.Empty(Explain("b").BlockedBy);
    }

    [Fact]
    public void A_source_that_is_not_ready_comes_before_the_dependencies()
    {
        var git = new ResourceReference("home", "GitRepository", "flux-system", "repo");
        _graph.Set(new FluxSource { Cluster = "home", Kind = "GitRepository", Namespace = "flux-system", Name = "repo", Ready = ConditionStatus.False });
        Add(Ks("other"), Ks("a", source: git, dependsOn: [Ref("other")]));

        Assert.Equal([git, Ref("other")], Explain("a").BlockedBy);
        Assert.Equal(git, Explain("a").RootCause);
    }

    [Fact]
    public void Kinds_that_could_not_be_read_block_nobody()
    {
        Add(Ks("a", source: new ResourceReference("home", "HelmChart", "flux-system", "unseen"), dependsOn: []));
        Assert.Null(Explain("a").RootCause);
        Assert.Empty(Explain("a").BlockedBy);
    }

    [Fact]
    public void What_is_ready_is_not_blocked_and_a_newer_state_counts()
    {
        Add(Ks("a"), Ks("b", dependsOn: [Ref("a")]), Ks("fine", ready: ConditionStatus.True, dependsOn: [Ref("a")]));
        Assert.Empty(Explain("fine").BlockedBy);
        Assert.Equal(Ref("a"), Explain("b").RootCause);

        Add(Ks("a", ready: ConditionStatus.True));
        Assert.Null(Explain("b").RootCause);
        _graph.Remove(Ks("a"));
        Assert.Equal(Ref("a"), Explain("b").RootCause);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(1000)]
    public void All_causes_are_found_by_looking_at_each_object_once_for_each_step_of_its_chain(int count)
    {
        const int Depth = 20;
        var looks = new Counter();
        var all = Enumerable.Range(0, count).Select(number => Ks($"k{number}") with { DependsOn = new CountedList(number % Depth == 0 ? [] : [Ref($"k{number - 1}")], looks) }).ToArray();
        Add(all);

        Assert.All(all, (one, index) => Assert.Equal(index % Depth == 0 ? null : Ref($"k{index / Depth * Depth}"), _graph.Explain(one).RootCause));
        Assert.InRange(looks.Value, count, count * (Depth + 1));
    }

    private sealed class Counter
    {
        public int Value { get; set; }
    }

    private sealed class CountedList(IReadOnlyList<ResourceReference> items, Counter looks) : IReadOnlyList<ResourceReference>
    {
        public int Count => items.Count;

        public ResourceReference this[int index] => items[index];

        public IEnumerator<ResourceReference> GetEnumerator()
        {
            looks.Value++;
            return items.GetEnumerator();
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private readonly Dictionary<string, FluxResource> _all = [];

    private static ResourceReference Ref(string name) => new("home", "Kustomization", "flux-system", name);

    private static FluxKustomization Ks(string name, ConditionStatus ready = ConditionStatus.False, bool suspended = false, ResourceReference? source = null, ResourceReference[]? dependsOn = null) => new()
    {
        Cluster = "home",
        Kind = "Kustomization",
        Namespace = "flux-system",
        Name = name,
        Ready = ready,
        Suspended = suspended,
        Source = source,
        DependsOn = dependsOn ?? [],
    };

    private void Add(params FluxResource[] resources)
    {
        foreach (var resource in resources)
        {
            _graph.Set(_all[resource.Name] = resource);
        }
    }

    private FluxResource Explain(string name) => _graph.Explain(_all[name]);
}
