# What a user would type, against the lab with its fixtures.
BeforeDiscovery {
    $why = if (-not $env:HOMELABOPS_LAB_KUBECONFIG) { 'HOMELABOPS_LAB_KUBECONFIG is not set (see tests/lab/README.md)' }
}

Describe 'The lab' {
    It 'is there' {
        if (-not $env:HOMELABOPS_LAB_KUBECONFIG) {
            Set-ItResult -Skipped -Because 'HOMELABOPS_LAB_KUBECONFIG is not set (see tests/lab/README.md)'
        }
    }
}

Describe 'On a cluster' -Skip:([bool]$why) {
    BeforeAll {
        $module = (Resolve-Path (Join-Path $PSScriptRoot '../../out/HomelabOps/HomelabOps.psd1')).Path
        Import-Module $module -Force
        Connect-Homelab $env:HOMELABOPS_LAB_KUBECONFIG | Out-Null
    }

    AfterAll { Disconnect-Homelab | Out-Null }

    It 'is connected' {
        (Get-HomelabConnection).KubernetesVersion | Should -BeLike 'v1.*'
    }

    It 'stops after the first with Select-Object: <_>' -ForEach @(
        'Get-HomelabPod', 'Get-HomelabNode', 'Get-FluxStatus', 'Get-HomelabEvent', 'Get-HomelabLog -Namespace media -Follow',
        'Get-HomelabPod -Watch', 'Get-FluxStatus -Watch', 'Get-HomelabObject -Kind Pod', 'Get-HomelabUsage -Pod *'
    ) {
        @(Invoke-Expression "$_ | Select-Object -First 1").Count | Should -Be 1
    }

    It 'sorts, filters, groups and measures' {
        (Get-HomelabNode | Sort-Object Name -Descending).Name | Should -Be @('k3s-w2', 'k3s-w1')
        (Get-HomelabPod -Namespace media | Where-Object -Not Healthy).App | Should -Contain 'imageless'
        (Get-HomelabPod | Where-Object App -EQ ticker).Count | Should -Be 1
        (Get-FluxStatus -Namespace flux-system | Group-Object Kind | Where-Object Name -EQ Kustomization).Count | Should -Be 4
        (Get-FluxStatus | Group-Object Ready).Name | Should -Contain 'False'
        (Get-HomelabNode | Measure-Object DiskTotal -Sum).Sum | Should -BeGreaterThan 0
        (Get-HomelabPod | Measure-Object Restarts -Maximum).Maximum | Should -BeGreaterOrEqual 0
        (Get-FluxStatus | Where-Object Ready -EQ False).Name | Should -Contain 'apps'
    }

    It 'shows a table: <Script>' -ForEach @(
        @{ Script = 'Get-HomelabNode'; Column = 'Status' }, @{ Script = 'Get-HomelabPod'; Column = 'Status' }
        @{ Script = 'Get-FluxStatus'; Column = 'Ready' }, @{ Script = 'Get-HomelabEvent'; Column = 'Reason' }
        @{ Script = 'Get-HomelabUsage -Pod *'; Column = 'Memory' }
    ) {
        $lines = (Invoke-Expression $Script | Format-Table | Out-String -Width 200 -Stream) -ne ''
        $lines[0] | Should -Match $Column
        $lines.Count | Should -BeGreaterThan 2
    }

    It 'writes JSON whose enums can be names and whose references are whole' {
        $app = Get-FluxKustomization apps | ConvertTo-Json -Depth 4 -EnumsAsStrings | ConvertFrom-Json
        $app.Ready | Should -BeExactly 'False'
        $app.RootCause.Name | Should -Be 'infrastructure-storage'
        $node = Get-HomelabNode k3s-w1 | ConvertTo-Json -Depth 5 | ConvertFrom-Json
        $node.Labels.role | Should -Be 'primary'
        $object = Get-HomelabObject Deployment/media/ticker | ConvertTo-Json -Depth 20 | ConvertFrom-Json
        $object.spec.template.spec.containers[0].resources.limits.memory | Should -Be '32Mi'
    }

    It 'writes CSV' {
        $file = Join-Path $TestDrive 'pods.csv'
        Get-HomelabPod -Namespace media | Export-Csv $file
        $rows = Import-Csv $file
        $rows.Count | Should -Be 3
        $rows.Namespace | Select-Object -Unique | Should -Be 'media'
    }

    It 'has times to calculate with' {
        $pod = Get-HomelabPod -Namespace media -App ticker
        $pod.Age | Should -BeOfType TimeSpan
        ((Get-Date) - (Get-HomelabNode k3s-w1).LastHeartbeat).TotalHours | Should -BeLessThan 1
        $crashed = Get-HomelabPod -Namespace media -App crasher
        if ($crashed.LastRestart) {
            ((Get-Date) - $crashed.LastRestart) | Should -BeOfType TimeSpan
        }

        $line = Get-HomelabLog -Namespace media -App ticker -Tail 1
        [Math]::Abs(((Get-Date) - $line.Time).TotalMinutes) | Should -BeLessThan 2
    }

    It 'completes names from the cluster: <Line>' -ForEach @(
        @{ Line = 'Get-HomelabNode k3s-w'; Expected = 'k3s-w1' }, @{ Line = 'Get-HomelabPod -Namespace med'; Expected = 'media' }
        @{ Line = 'Get-HomelabPod -Node k3s'; Expected = 'k3s-w2' }, @{ Line = 'Get-HomelabLog -App tick'; Expected = 'ticker' }
        @{ Line = 'Get-FluxStatus ap'; Expected = 'apps' }, @{ Line = 'Get-HomelabObject -Kind Deploy'; Expected = 'Deployment' }
        @{ Line = 'Get-FluxSource -Kind Git'; Expected = 'GitRepository' }
    ) {
        (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText | Should -Contain $Expected
    }

    It 'shares the connection with ForEach-Object -Parallel' {
        $counts = 1..4 | ForEach-Object -Parallel { Import-Module $using:module; @(Get-HomelabNode).Count }
        $counts | Should -Be @(2, 2, 2, 2)
    }

    It 'gives errors with stable ids and goes on' {
        $found = Get-HomelabPod no-such, ticker-* -ErrorVariable failure -ErrorAction SilentlyContinue
        $failure.Count | Should -Be 1
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'PodNotFound,*'
        $found.App | Should -Be 'ticker'
    }

    It 'leads from record to record' {
        (Get-HomelabNode k3s-w1 | Get-HomelabPod | Get-HomelabObject).kind | Select-Object -Unique | Should -Be 'Pod'
        ((Get-FluxStatus apps).RootCause | Get-HomelabObject).metadata.name | Should -Be 'infrastructure-storage'
    }

    It 'takes the namespace from $PSDefaultParameterValues' {
        $PSDefaultParameterValues = @{ 'Get-HomelabPod:Namespace' = 'media' }
        (Get-HomelabPod).Namespace | Select-Object -Unique | Should -Be 'media'
    }

    It 'is quick to give up a long list' {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        Get-HomelabLog -Namespace media -Follow -Tail 1 | Select-Object -First 1 | Out-Null
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 10
    }
}
