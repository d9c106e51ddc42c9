namespace HomelabOps.Core.Drills;

/// <summary>How far a drill came, and how long each part took.</summary>
/// <param name="ground">The homelab.</param>
/// <param name="scenario">What is rehearsed.</param>
internal sealed class DrillLog(IDrillGround ground, DrillScenario scenario)
{
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private readonly List<OperationStep> _steps = [];
    private IDrillGround? _other;
    private DateTimeOffset _broken;
    private DrillResult _result = new() { Scenario = scenario.Name, Section = scenario.Section, App = scenario.MovesApp ? scenario.App : "" };

    private IDrillGround Ground => _other ?? ground;

    /// <summary>Something is broken from now on.</summary>
    public void Broken(IDrillFault fault)
    {
        _other = fault.Ground;
        (_broken, _result) = (Ground.Now, _result with { Target = fault.Target });
    }

    /// <summary>It was found.</summary>
    public void Detected() => _result = _result with { Detected = true, TimeToDetect = Ground.Now - _broken };

    /// <summary>It is gone.</summary>
    public void Recovered() => _result = _result with { Recovered = true, TimeToRecover = Ground.Now - _broken, Passed = true };

    /// <summary>It went wrong.</summary>
    public void Failed(HomelabException error) => _result = _result with { Message = error.Message };

    /// <summary>Does a step, and writes it down.</summary>
    public async Task<T> StepAsync<T>(string name, Func<Task<(T Value, string Message)>> work)
    {
        var (began, started) = (TimeProvider.System.GetTimestamp(), DateTime.Now);
        try
        {
            var (value, message) = await work();
            Add(OperationStepStatus.Completed, message);
            return value;
        }
        catch (HomelabException error)
        {
            Add(OperationStepStatus.Failed, error.Message);
            throw;
        }

        void Add(OperationStepStatus status, string message) =>
            _steps.Add(new() { Name = name, Status = status, Started = started, Duration = TimeProvider.System.GetElapsedTime(began), Message = message });
    }

    /// <summary>What came of it.</summary>
    public DrillResult ToResult() => _result with { Steps = [.. _steps], Duration = TimeProvider.System.GetElapsedTime(_began) };
}
