-- The small tables: accounts as numbers, months as numbers of days, rates in millionths.

create macro number(day) as year(day) * 12 + month(day) - 1;
create macro label(number) as format('{}-{:02d}', number // 12, number % 12 + 1);
create macro named(key, value) as '{"' || key || '":"' || value || '"}';
create macro in_file(name) as getvariable('folder') || name;
create macro half_even(top, whole) as top // whole + case
    when 2 * abs(top % whole) > whole then sign(top)
    when 2 * abs(top % whole) = whole and top // whole % 2 <> 0 then sign(top)
    else 0 end;
create macro valued(part, rate) as
    case rate when 1000000 then part else half_even(part * rate, 1000000) end;

create table account as
select (row_number() over ())::integer as account, account_id, segment, region, channel, industry
from read_parquet(in_file('/crm/accounts.parquet'));

create type product as enum (
    select distinct product from read_parquet(in_file('/billing/subscription_items.parquet')));

create table calendar as
select month::integer as month, make_date(month // 12, month % 12 + 1, 1) as start,
    start - date '1970-01-01' as begins,
    (start + interval 1 month)::date - date '1970-01-01' as ends
from range(getvariable('first'), getvariable('last') + 1) months(month);

create table rate as
with known as (
    select from_currency as currency, number(month) as month, round(rate * 1e6)::bigint as rate
    from read_parquet(in_file('/billing/fx_rates.parquet'))
    union all select 'USD', month, 1000000 from calendar)
select currency, own.month, own.rate as own, next.rate as next, year.rate as year
from known own join known next using (currency) join known year using (currency)
where own.month between getvariable('first') and getvariable('last')
    and next.month = least(own.month + 1, getvariable('last'))
    and year.month = least(own.month + 12, getvariable('last'));

create table steps as
select n::integer as n, k::integer as k from range(1, 62) a(n), range(61) b(k) where k < n;

-- The one pass over the lines: what each is in each month, valued at three months' rates.
-- The parts are joined to the rates last, so that no expression is computed several times.

create table fact as
with line as (
    select account, product::product as product, currency, number(service_from) as first,
        number((service_to - interval 1 day)::date) - number(service_from) + 1 as n,
        (amount - discount) * case currency when 'JPY' then 1000000 else 10000 end as net,
        service_from - date '1970-01-01' as since, service_to - service_from as whole
    from read_parquet(in_file('/billing/invoice_lines/*.parquet')) join account using (account_id)
    where charge_type = 'recurring'),
spread as (
    select account, product, currency, line.first + k as month, n, net, whole,
        net * least(ends - since, whole) as after, net * greatest(begins - since, 0) as before
    from line join steps using (n) join calendar on calendar.month = line.first + k),
part as (
    select account, product, currency, month,
        if(n = 1, net, half_even(after, whole) - half_even(before, whole)) as part
    from spread)
select account, product, month, sum(valued(part, own))::bigint as mrr,
    sum(valued(part, next))::bigint as next, sum(valued(part, year))::bigint as year
from part join rate using (currency, month) group by all;

create table whole as
select account, month, sum(mrr)::bigint as mrr, sum(next)::bigint as next,
    sum(year)::bigint as year
from fact group by all;

create table start as
select account, min(month) as start from whole where mrr > 0 group by account;

create table state as
select account, month, sum(mrr)::bigint as mrr, sum(users)::bigint as users
from (select account, month, mrr, 0 as users from whole
      union all
      select account, number(month), 0, active_users
      from read_parquet(in_file('/billing/account_users/*.parquet'))
      join account using (account_id))
group by all;

-- An account's MRR at both ends of each month, and a year before it.

create table step as
with sums as (
    select account, month, sum(own)::bigint as own, sum(opening)::bigint as opening,
        sum(closing)::bigint as closing, sum(year)::bigint as year
    from (select account, month, 0 as own, 0 as opening, mrr as closing, 0 as year from whole
          union all select account, month + 1, mrr, next, 0, 0 from whole
          union all select account, month + 12, 0, 0, 0, year from whole)
    where month between getvariable('reported') and getvariable('last')
    group by all)
select *, closing - opening as change,
    case when own > 0 then case when closing > 0 then 'stayed' else 'churn' end
        when start < month then case when closing > 0 then 'reactivation' else 'after' end
        when closing > 0 then 'new' else 'before' end as event
from sums left join start using (account);

create table moved as
select label(month) as period, sum(closing) as mrr,
    sum(change) filter (event in ('new', 'before')) as mrr_new,
    sum(change) filter (event = 'reactivation') as mrr_reactivation,
    sum(change) filter (event = 'stayed' and change > 0) as mrr_expansion,
    sum(change) filter (event = 'stayed' and change <= 0) as mrr_contraction,
    sum(change) filter (event in ('churn', 'after')) as mrr_churn,
    sum(opening - own) as mrr_fx,
    count(*) filter (event = 'new') as new_accounts,
    count(*) filter (event = 'churn' and opening > 0) as churned_accounts,
    sum(year) filter (year > 0) as base,
    sum(closing) filter (year > 0) as kept,
    sum(least(closing, year)) filter (year > 0) as kept_at_most
from step group by all;

-- Averages by four attributes, cohorts, unit economics.

create table averages as
select label(month) as period,
    case when grouping(segment) = 0 then named('segment', segment)
        when grouping(region) = 0 then named('region', region)
        when grouping(channel) = 0 then named('channel', channel)
        else named('industry', industry) end as groups,
    sum(mrr)::bigint as mrr, count(*) filter (mrr > 0) as accounts, sum(users) as users,
    sum(users) filter (mrr > 0) as paid
from state join account using (account)
where month between getvariable('reported') and getvariable('last')
group by grouping sets ((month, segment), (month, region), (month, channel), (month, industry));

create table cohort as
with aged as (
    select start // 3 as cohort, month - start as age, sum(mrr) as mrr, sum(users) as users,
        count(*) filter (mrr > 0) as active
    from state join start using (account) where month >= start group by all),
acquired as (
    select start // 3 as cohort, count(*) as acquired, getvariable('last') - max(start) as oldest
    from start group by all),
grid as (select cohort, acquired, unnest(range(oldest + 1)) as age from acquired)
select cohort // 4 || 'Q' || cohort % 4 + 1 as label, age, acquired, coalesce(active, 0) as active,
    coalesce(mrr, 0) as mrr, coalesce(users, 0) as users,
    first_value(coalesce(mrr, 0)) over (partition by cohort order by age) as base
from grid left join aged using (cohort, age);

create table economics as
with margin as (
    select channel, sum(mrr) as mrr, sum(half_even(mrr * 4, 5)) as margin
    from fact join account using (account) where month = getvariable('last') group by channel),
churn as (
    select channel, count(*) filter (event = 'churn' and opening > 0) as churned,
        count(*) filter (own > 0) as openings,
        count(*) filter (event = 'new' and month > getvariable('last') - 3) as new
    from step join account using (account) where month > getvariable('last') - 12
    group by channel),
spent as (
    select channel, sum(amount * 10000) as spend
    from read_parquet(in_file('/crm/spend.parquet'))
    where number(month) > getvariable('last') - 3 group by channel)
select named('channel', channel) as groups, spend, new, spend / 1e6 / new as cac,
    averages.mrr / 1e6 / accounts * (margin / margin.mrr) / (churned / openings) as ltv
from margin join churn using (channel) join spent using (channel)
join averages on groups = named('channel', channel) and period = label(getvariable('last'));

-- Why ARPA changed within a year, by segment; every segment has accounts at both ends.

create table shift as
with ends as (
    select groups[2:-2] as label, old.mrr / 1e6 as mrr0, new.mrr / 1e6 as mrr1,
        old.accounts as n0, new.accounts as n1, sum(mrr0) over () / sum(n0) over () as ratio0,
        sum(mrr1) over () / sum(n1) over () as ratio1, sum(n0) over () as whole0,
        sum(n1) over () as whole1
    from averages old join averages new using (groups)
    where old.period = label(getvariable('last') - 12) and new.period = label(getvariable('last'))
        and groups like '{"segment"%')
select label, (n0 / whole0 + n1 / whole1) / 2 * (mrr1 / n1 - mrr0 / n0) as rate,
    (n1 / whole1 - n0 / whole0) * (mrr0 / n0 + mrr1 / n1 - ratio0 - ratio1) / 2 as mix,
    0.0 as entered, 0.0 as exited, 0.0 as unattached,
    (whole0 + whole1) / 2 as mean, (whole1 - whole0) * (ratio0 + ratio1) / 2 as volume
from ends;

-- Everything in one shape.

create table answer (metric text, period text, "group" text, top bigint, below bigint, value double);

insert into answer
select metric, period, '{}', top, null, top / if(metric like 'mrr%', 1e6, 1)
from (unpivot (select period, coalesce(columns(* exclude period), 0)::bigint
               from (from moved select * exclude (base, kept, kept_at_most)))
      on * exclude period into name metric value top)
union all select 'nrr', period, '{}', kept, base, kept / base from moved
union all select 'grr', period, '{}', kept_at_most, base, kept_at_most / base from moved;

insert into answer
select 'mrr', period, groups, mrr, null, mrr / 1e6 from averages
union all select 'accounts', period, groups, accounts, null, accounts from averages
union all select 'arpa', period, groups, mrr, accounts, mrr / 1e6 / accounts from averages
union all select 'arpu', period, groups, mrr, users, mrr / 1e6 / users from averages
union all select 'arppu', period, groups, mrr, paid, mrr / 1e6 / paid from averages
union all select 'mrr', label(month), named('product', product), sum(mrr), null, sum(mrr) / 1e6
from fact where month between getvariable('reported') and getvariable('last')
group by month, product;

insert into answer
select 'cohort_' || metric, getvariable('quarter'),
    '{"cohort":"' || label || '","age":"' || age || '"}',
    case when metric in ('acquired', 'active') then value::bigint
        when metric = 'mrr' then micro end,
    null, value
from (select label, age, mrr as micro, acquired::double as acquired, active::double as active,
          mrr / 1e6 as mrr, if(active > 0, mrr / 1e6 / active, null) as arpa,
          if(users > 0, mrr / 1e6 / users, null) as arpu, mrr / 1e6 / acquired as mrr_per_acquired,
          active / acquired as logo_retention, if(base > 0, mrr / base, null) as revenue_retention
      from cohort)
unpivot include nulls (value for metric in (columns(* exclude (label, age, micro))))
union all
select 'cohort_logo_retention', getvariable('quarter'), named('age', age), null, null,
    sum(active) / sum(acquired) from cohort group by age
union all
select 'cohort_revenue_retention', getvariable('quarter'), named('age', age), null, null,
    sum(mrr) / sum(base) from cohort group by age;

insert into answer
select 'cac', getvariable('quarter'), groups, spend, new, cac from economics
union all select 'ltv', getvariable('quarter'), groups, null, null, ltv from economics
union all select 'ltv_cac', getvariable('quarter'), groups, null, null, ltv / cac from economics;

insert into answer
with effects as (unpivot shift on rate, mix, entered, exited, unattached
                 into name effect value value)
select 'arpa', getvariable('change'), '{' || label || ',"effect":"' || effect || '"}', null, null,
    value from effects
union all
select 'arpa', getvariable('change'), '{"dimension":"segment","effect":"' || effect || '"}', null,
    null, sum(value) from effects group by effect
union all
select 'mrr', getvariable('change'),
    '{"ratio":"arpa","dimension":"segment","effect":"' || effect || '"}', null, null,
    sum(value * mean) from effects group by effect
union all
select 'mrr', getvariable('change'), '{"ratio":"arpa","dimension":"segment","effect":"volume"}',
    null, null, any_value(volume) from shift;
