using HomelabOps.Core.Scheduling;
using HomelabOps.Core.Scheduling.Schedulers;

namespace HomelabOps.Core.Tests.Scheduling;

/// <summary>Registering and taking back: all or nothing, with programs of a scheduler that do what they are told to.</summary>
public sealed class CheckRegistryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;
    private readonly CheckStore _store;
    private readonly CheckRegistry _registry;

    public CheckRegistryTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh.");
        _store = new(Path.Combine(_folder, "checks"));
        _registry = new(_store, _folder, kind => new Scheduler(this, kind));
    }

    private string Unit => Path.Combine(_folder, "units", "Systemd");

    // What the scheduler runs; it copies the unit when it is enabled.
    private string Loaded => Path.Combine(_folder, "loaded");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_check_is_registered_replaced_and_taken_back_and_what_was_told_stays_until_then()
    {
        await Register("15m");
        CheckStore.SaveState(_store.PathOf("lab"), new() { Findings = new() { ["key"] = new() { Text = "told" } } });
        Assert.Equal("CheckExists", Assert.Throws<HomelabException>(() => _registry.Prepare(Plan("6h"), replace: false)).Id);
        await Register("6h");
        Assert.Equal("every 6h", (await _registry.FindAsync("lab", CancellationToken.None)).Check.Schedule);
        Assert.Equal("told", CheckStore.ReadState(_store.PathOf("lab"))!.Findings!["key"].Text);
        Assert.Contains("6h", await File.ReadAllTextAsync(Loaded), StringComparison.Ordinal);

        await Unregister();
        AssertNothingIsLeft();
        Assert.Equal("CheckNotFound", await Fails(() => Unregister()));
    }

    [Fact]
    public async Task A_scheduler_that_keeps_it_is_an_error_and_nothing_is_forgotten()
    {
        await Register("15m");
        Forbid("disable");
        var error = await Assert.ThrowsAsync<HomelabException>(() => Unregister());
        Assert.Equal("SchedulerFailed", error.Id);
        Assert.Contains("Access is denied", error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Unit) && File.Exists(Loaded) && File.Exists(_store.PathOf("lab")));

        // Nor is it replaced by one that would run beside it.
        Assert.Equal("SchedulerFailed", await Fails(() => Register("6h")));
        Assert.Equal("every 15m", (await _registry.FindAsync("lab", CancellationToken.None)).Check.Schedule);

        // What somebody else has taken away is no error.
        File.Delete(Loaded);
        await Unregister();
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task A_scheduler_that_does_not_answer_may_still_have_it()
    {
        await Register("15m");
        Forbid("disable");
        Forbid("ask");
        Assert.Equal("SchedulerFailed", await Fails(() => Unregister()));
        Assert.True(File.Exists(_store.PathOf("lab")));
    }

    [Fact]
    public async Task Where_the_new_one_fails_the_old_one_is_back()
    {
        await Register("15m");
        CheckStore.SaveState(_store.PathOf("lab"), new() { Findings = new() { ["key"] = new() { Text = "told" } } });
        var before = await File.ReadAllTextAsync(_store.PathOf("lab"));
        Forbid("enable 6h");
        Assert.Equal("SchedulerFailed", await Fails(() => Register("6h")));
        Assert.Equal(before, await File.ReadAllTextAsync(_store.PathOf("lab")));
        Assert.Contains("15m", await File.ReadAllTextAsync(Loaded), StringComparison.Ordinal);
        Assert.Contains("15m", await File.ReadAllTextAsync(Unit), StringComparison.Ordinal);
        Assert.NotNull(CheckStore.ReadState(_store.PathOf("lab")));

        // Where files cannot even be written the old one is not touched.
        var calls = await File.ReadAllTextAsync(Path.Combine(_folder, "calls"));
        var plan = Plan("6h");
        var schedule = _registry.Prepare(plan, replace: true) with { Files = [(Path.Combine(Unit, "below-a-file"), "text")] };
        Assert.Equal("CheckUnwritable", await Fails(() => _registry.RegisterAsync(plan, schedule, CancellationToken.None)));
        Assert.Equal(before, await File.ReadAllTextAsync(_store.PathOf("lab")));
        Assert.Equal(calls, await File.ReadAllTextAsync(Path.Combine(_folder, "calls")));
    }

    [Fact]
    public async Task A_first_one_that_fails_leaves_nothing_that_runs()
    {
        // The scheduler has loaded it, and fails then.
        Forbid("late");
        Assert.Equal("SchedulerFailed", await Fails(() => Register("15m")));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task Ctrl_C_while_it_is_enabled_leaves_nothing_that_runs()
    {
        using var stop = new CancellationTokenSource();
        Forbid("slow");
        var plan = Plan("15m");
        var work = _registry.RegisterAsync(plan, _registry.Prepare(plan, replace: false), stop.Token);
        for (var patience = 0; !File.Exists(Loaded) && patience < 600; patience++)
        {
            await Task.Delay(50);
        }

        Assert.True(File.Exists(Loaded));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("{ broken")]
    [InlineData("{\"version\": 99}")]
    [InlineData("{\"name\": \"lab\", \"schedule\": \"when I like\"}")]
    public async Task One_whose_file_is_damaged_is_replaced_and_taken_back(string text)
    {
        foreach (var isReplaced in new[] { true, false })
        {
            await Register("15m");
            await File.WriteAllTextAsync(_store.PathOf("lab"), text);
            if (isReplaced)
            {
                // What ran it is found by the path that it has, and comes back where the new one fails.
                Forbid("enable 6h");
                Assert.Equal("SchedulerFailed", await Fails(() => Register("6h")));
                Assert.Equal(text, await File.ReadAllTextAsync(_store.PathOf("lab")));
                Assert.Contains("15m", await File.ReadAllTextAsync(Loaded), StringComparison.Ordinal);
                Allow();
                await Register("6h");
                Assert.Equal("every 6h", (await _registry.FindAsync("lab", CancellationToken.None)).Check.Schedule);
                Assert.Contains("6h", await File.ReadAllTextAsync(Loaded), StringComparison.Ordinal);
            }

            Assert.Equal("the Systemd of the test", (await _registry.FindAsync("lab", CancellationToken.None)).Check.Target);
            await Unregister();
            AssertNothingIsLeft();
        }
    }

    private void AssertNothingIsLeft()
    {
        Assert.False(File.Exists(Loaded));
        Assert.False(File.Exists(Unit));
        Assert.Empty(_store.Names());
        Assert.Empty(Directory.Exists(Path.Combine(_folder, "checks")) ? Directory.GetFiles(Path.Combine(_folder, "checks")) : []);
    }

    private void Forbid(string what) => File.WriteAllText(Path.Combine(_folder, $"no {what}"), "");

    private void Allow() => Directory.GetFiles(_folder, "no *").ToList().ForEach(File.Delete);

    private static CheckPlan Plan(string schedule) => new() { Name = "lab", Schedule = schedule, Scheduler = HomelabScheduler.Systemd, Command = ["pwsh"] };

    private async Task Register(string schedule)
    {
        var plan = Plan(schedule);
        await _registry.RegisterAsync(plan, _registry.Prepare(plan, replace: _store.Names().Any()), CancellationToken.None);
    }

    private async Task Unregister() => await _registry.UnregisterAsync(await _registry.FindAsync("lab", CancellationToken.None), CancellationToken.None);

    private static async Task<string> Fails(Func<Task> work) => (await Assert.ThrowsAsync<HomelabException>(work)).Id;

    /// <summary>One whose programs are lines of sh.</summary>
    private sealed class Scheduler(CheckRegistryTests test, HomelabScheduler kind) : IScheduler
    {
        public HomelabScheduler Kind => kind;

        public SchedulePlan Plan(ScheduledJob job)
        {
            var file = Path.Combine(test._folder, "units", job.OfMachine ? $"{kind}-machine" : $"{kind}");
            return new($"the {kind} of the test")
            {
                Files = [(file, $"{job.Schedule.Text} {test._store.PathOf(job.Name)}\n")],
                Enable = [Sh($"! [ -e \"no enable $(cut -d' ' -f1 {file})\" ] && cp {file} loaded && if [ -e 'no slow' ]; then sleep 60; fi && ! [ -e 'no late' ]")],
                Disable = [Sh("if [ -e 'no disable' ]; then echo 'Access is denied.' >&2; false; else rm loaded; fi")],
                Ask = Sh("if [ -e 'no ask' ]; then echo 'There is no bus.'; false; else [ -e loaded ] || { echo not-found; false; }; fi"),
                Absent = ["not-found"],
            };
        }

        private IReadOnlyList<string> Sh(string script) => ["sh", "-c", $"cd '{test._folder}' && echo call >>calls && {script}"];
    }
}
