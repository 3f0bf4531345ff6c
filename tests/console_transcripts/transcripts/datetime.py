import datetime as dt
from datetime import date, datetime, time, timedelta, timezone, tzinfo
date(2026,4,25)
date(2026,13,1)
date(2026,2,30)
date(0,1,1)
date()
date(2026)
date('a',1,1)
date(2026,1,1,1)
date(2026,day=1,month=3)
date.fromisoformat('2026-04-25')
date.fromisoformat('x')
date.fromisoformat('20260425')
date.fromisoformat('2026-W01-1')
date.fromisoformat(3)
date(2026,4,25).isoformat()
date(2026,4,25).strftime('%d/%m/%y %a %A %b %B %j %U %W %w %u %G %V %c %x %X %p %% %H%M%S %f %z %Z %y %h %D %F %T %e %k %q')
format(date(2026,4,25),'%Y')
f'{date(2026,4,25):>12}'
f'{date(2026,4,25)}'
format(date(2026,4,25),'')
date(2026,4,25)+timedelta(days=10)
date(2026,4,25)-date(2026,1,1)
date(2026,4,25)+1
date(2026,4,25)<date(2027,1,1)
date(2026,4,25)<3
date(2026,4,25)==3
date(2026,4,25)!=date(2026,4,25)
date(2026,4,25)==datetime(2026,4,25)
date(2026,4,25)<datetime(2026,4,25)
date(9999,12,31)+timedelta(1)
date(2026,4,25).replace(year=3)
date(2026,4,25).replace(1,2,3,4)
date(2026,4,25).weekday()
date(2026,4,25).isoweekday()
date(2026,4,25).toordinal()
date(2026,4,25).ctime()
date.fromordinal(1)
date.fromordinal(0)
date.min
date.max
date.resolution
date(2026,4,25).foo
date(2026,4,25).year
{date(2026,4,25): 1}[date(2026,4,25)]
date
datetime
timedelta
timezone
timezone.utc
tzinfo
datetime(2026,4,25)
datetime(2026,4,25,10,30)
datetime(2026,4,25,10,30,5)
datetime(2026,4,25,10,30,5,7)
datetime(2026,4,25,tzinfo=timezone.utc)
datetime(2026,4,25,25)
datetime(2026,4,25,0,60)
datetime(2026,4,25,0,0,60)
datetime(2026,4,25,0,0,0,1000000)
datetime(2026,4,25,tzinfo=3)
datetime(2026,4,25,fold=1)
datetime.now(3)
datetime(2026,4,25,1,2,3).isoformat()
datetime(2026,4,25,1,2,3,4).isoformat(' ')
datetime(2026,4,25,1,2,3,4).isoformat(timespec='minutes')
datetime(2026,4,25,1,2,3,4).isoformat(sep=' ',timespec='milliseconds')
datetime(2026,4,25,1,2,3,4).isoformat(timespec='x')
datetime(2026,4,25,1,2,3,4).isoformat('ab')
datetime.fromisoformat('2026-04-25T10:30:00Z')
datetime.fromisoformat('2026-04-25 10:30')
datetime.fromisoformat('2026-04-25T10:30:00.5+02:00')
datetime.fromisoformat('20260425T103000')
datetime.fromisoformat('2026-04-25T25:00')
datetime.fromisoformat('bad')
datetime.fromisoformat('2026-04-25')
datetime.fromisoformat('2026-04-25T')
datetime.fromisoformat('2026-04-25T10:3')
datetime.strptime('2026-04-25','%Y-%m-%d')
datetime.strptime('25/04/26 10:30 PM','%d/%m/%y %I:%M %p')
datetime.strptime('x','%Y')
datetime.strptime('2026 x','%Y')
datetime.strptime('2026-02-30','%Y-%m-%d')
datetime.strptime('Apr 5 2026','%b %d %Y')
datetime.strptime('12:30:15.123','%H:%M:%S.%f')
datetime.strptime('2026-01-01T00:00:00+0200','%Y-%m-%dT%H:%M:%S%z')
datetime.strptime('2026','%q')
datetime.strptime('2026','%Y%')
datetime.strptime(3,'x')
datetime.strptime('111','%d%m')
datetime.strptime('2026 100','%Y %j')
datetime.strptime('Saturday 25 April 2026','%A %d %B %Y')
datetime(2026,4,25,1)-datetime(2026,4,24)
datetime(2026,4,25)-datetime(2026,4,25,tzinfo=timezone.utc)
datetime(2026,4,25)<datetime(2026,4,25,tzinfo=timezone.utc)
datetime(2026,4,25)==datetime(2026,4,25,tzinfo=timezone.utc)
datetime(2026,4,25)+timedelta(hours=5)
timedelta(hours=5)+datetime(2026,4,25)
datetime(2026,4,25,tzinfo=timezone.utc).timestamp()
datetime.fromtimestamp(0,timezone.utc)
datetime.fromtimestamp(1.5,tz=timezone.utc)
datetime.utcfromtimestamp(0)
datetime(2026,4,25,1,2).date()
datetime(2026,4,25,1,2).time()
datetime(2026,4,25,1,2).replace(hour=5)
datetime(2026,4,25,1,2).replace(tzinfo=timezone.utc)
datetime(2026,4,25,1,2,tzinfo=timezone.utc).astimezone(timezone(timedelta(hours=2)))
datetime(2026,4,25,1,2).tzinfo
datetime(2026,4,25,1,2,tzinfo=timezone.utc).utcoffset()
datetime(2026,4,25,1,2,tzinfo=timezone.utc).tzname()
datetime(2026,4,25,1,2,3).strftime('%Y-%m-%d %H:%M:%S.%f %I %p %z|%Z|')
datetime.combine(date(2026,1,1),time(3,4))
datetime.min
datetime.max
datetime(2026,4,25,1,2).ctime()
isinstance(datetime.now(),date)
isinstance(datetime.now(),datetime), isinstance(date.today(),datetime)
time()
time(1,2,3,4)
time(1,2).isoformat()
str(time(1,2,3))
time(25)
time.fromisoformat('10:30')
time(1)<time(2)
time(10,30).strftime('%H:%M')
time(10,tzinfo=timezone.utc)
bool(time(0))
time(1).replace(minute=3)
timedelta()
timedelta(1)
timedelta(days=1,hours=2,minutes=3,seconds=4,milliseconds=5,microseconds=6,weeks=1)
timedelta(hours=-1)
str(timedelta(hours=-1))
str(timedelta(days=2,seconds=5))
str(timedelta(days=1,microseconds=5))
timedelta(days=1.5)
timedelta('x')
timedelta(1)/2
timedelta(1)/timedelta(hours=1)
timedelta(1)//timedelta(hours=5)
timedelta(1)%timedelta(hours=5)
divmod(timedelta(1),timedelta(hours=5))
timedelta(1)*3
3*timedelta(1)
timedelta(1)*1.5
timedelta(microseconds=5)/2
timedelta(microseconds=3)*0.5
-timedelta(1)
abs(timedelta(-1))
timedelta(1).total_seconds()
timedelta(1).days
timedelta(1)+1
timedelta(1)<timedelta(2)
timedelta(1)==86400
bool(timedelta())
timedelta(10**9)
timedelta(10**10)
timedelta.max
timedelta.min
timedelta.resolution
timedelta(1)/0
timedelta(1)//2
timedelta(1,foo=2)
timezone(timedelta(hours=2))
str(timezone(timedelta(hours=-2,minutes=-30)))
timezone(timedelta(hours=25))
timezone(timedelta(hours=2),'X')
timezone.utc==timezone(timedelta(0))
timezone()
timezone(3)
timezone.utc.utcoffset(None)
timezone.utc.tzname(None)
datetime(1,1,1)-timedelta(1)
datetime(2026,4,25).strftime(3)
date(1.5,1,1)
datetime.fromtimestamp(1e20,timezone.utc)
sum([timedelta(1),timedelta(2)],timedelta())
timedelta(1)-date(2026,1,1)
date(2026,1,1)-1
date(2026,1,1)*2
datetime(2026,1,1).isoformat(sep='T')
date(2026,1,1).isoformat(1)
timedelta(1).foo
timezone.utc.foo
min(date(2026,1,1),date(2025,1,1))
sorted([date(2026,1,1),date(2025,1,1)])
datetime.now().tzinfo is None
datetime.now(timezone.utc).tzinfo is timezone.utc
str(datetime(2026,4,25,10,30,tzinfo=timezone.utc))
date(2026,4,25).nosuch()
date(2026,4,25).day = 3
date.isoformat(date(2026,4,25))
print(date(2026,4,25), datetime(2026,4,25,1))
(date(2026,4,25) - date(2026,4,20)).days
dt.UTC, dt.MINYEAR, dt.MAXYEAR
date.today() == datetime.now().date()
date(2026,4,25).isocalendar()[1]
date(2026, 4, 25) in [date(2026, 4, 25)]
not timedelta(0)
