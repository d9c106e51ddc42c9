using HomelabOps.Core.Operations.Steps;
using HomelabOps.Core.Tests.Kubernetes.Configuration;

namespace HomelabOps.Core.Tests.Operations;

public sealed class TransferPaceTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void The_rest_takes_as_long_as_what_has_come_has_taken_for_as_much()
    {
        var pace = new TransferPace(_time);
        Assert.Null(Left(pace, 0, 1000));
        Assert.Equal(TimeSpan.FromSeconds(30), Left(pace, 10, 750));
        Assert.Equal(TimeSpan.FromSeconds(20), Left(pace, 10, 500));
        Assert.Equal(TimeSpan.FromSeconds(30), Left(pace, 10, 500));
        Assert.Equal(TimeSpan.Zero, Left(pace, 10, 0));
    }

    [Fact]
    public void Where_more_is_told_of_than_at_first_it_counts_from_there()
    {
        var pace = new TransferPace(_time);
        Assert.Null(Left(pace, 0, 100));
        Assert.Equal(TimeSpan.FromSeconds(10), Left(pace, 10, 50));
        Assert.Null(Left(pace, 10, 4000));
        Assert.Equal(TimeSpan.FromSeconds(70), Left(pace, 10, 3500));
    }

    private TimeSpan? Left(TransferPace pace, int seconds, long left)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        pace.Add(left);
        return pace.Left;
    }
}
