using System.Management.Automation.Host;
using HomelabOps.Core.Operations.Record;

namespace HomelabOps.Cmdlets.Operations;

/// <summary>Asks a person whether a node is off. Who cannot be asked has not said it.</summary>
internal static class FencePrompt
{
    /// <summary>Asks where the operation wants it, and writes down who has answered.</summary>
    /// <exception cref="Core.HomelabException">FenceRequired.</exception>
    public static void Ask(PSHost host, OperationRecord record)
    {
        if (record.Fence != FailoverFence.Confirm)
        {
            return;
        }

        try
        {
            host.UI.WriteWarningLine(Messages.FenceConfirm(record.From));
            if (host.UI.ReadLine()?.Trim() == record.From)
            {
                record.ConfirmedBy = $"{Environment.UserName}@{Environment.MachineName}";
                return;
            }
        }
        catch (Exception error) when (AbsentUser.IsTheCause(error))
        {
            // There is nobody.
        }

        throw Core.Errors.FenceRequired(record.From);
    }
}
